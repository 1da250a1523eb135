"""What the host calls us for: settings, tab, routes, and the end of it all. A fault of ours stays ours."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterprompt.webui.tab.host_parts import HostParts

_log = logging.getLogger(__name__)


def register_callbacks() -> None:
    """Register everything with the host, which forgets it when its page is reloaded; never by name (HOSTS.md 1.3).

    In a thread of its own, since the host reads the caller's whole stack, source and all, for every callback: below a
    host's own start that takes a tenth of a second each, here next to nothing.
    """
    from modules import script_callbacks

    with ThreadPoolExecutor(1) as aside:
        aside.submit(_register, script_callbacks).result()


def _register(host: Any) -> None:
    from counterprompt.webui.page import HOST_PARTS

    host.on_ui_settings(_guarded(_add_options))
    host.on_before_ui(_guarded(_begin_page))
    hear = _hearing(HOST_PARTS)
    host.on_after_component(hear)
    host.on_ui_tabs(_building(host, hear))
    host.on_app_started(_guarded(_serve))
    host.on_script_unloaded(_guarded(_close))
    host.on_infotext_pasted(_guarded(_restore_pasted))


def _guarded(work: Callable[..., None]) -> Callable[..., None]:
    """Let a fault of *work* end in the console, so that the host and other extensions go on."""

    @wraps(work)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            work(*args, **kwargs)
        except Exception:
            _log.exception("Counterprompt: %s failed; the rest goes on", work.__name__.strip("_"))

    return run


def _hearing(parts: HostParts) -> Callable[..., None]:
    """Let *parts* hear of what is theirs, and of nothing else: a host tells of each of its thousands of components."""
    hear, wanted = _guarded(parts.after_component), parts.wanted

    def run(component: Any, **_: Any) -> None:
        if getattr(component, "elem_id", None) in wanted:
            hear(component)

    return run


def _add_options() -> None:
    from counterprompt.webui.options import add_options

    add_options()


def _begin_page() -> None:
    from counterprompt.webui.axes import add_axes
    from counterprompt.webui.page import HOST_PARTS

    HOST_PARTS.reset()
    add_axes()


def _building(host: Any, hear: Callable[..., None]) -> Callable[[], list[tuple[Any, str, str]]]:
    """Let our tab be built, after which nothing is left to *hear* of: half of a page's components come later."""

    def _build_tab() -> list[tuple[Any, str, str]]:
        from counterprompt.webui.page import build_page

        _guarded(_stop_hearing)(host, hear)
        return build_page()

    return _build_tab


def _stop_hearing(host: Any, hear: Callable[..., None]) -> None:
    host.remove_callbacks_for_function(hear)


def _serve(demo: Any, app: Any) -> None:
    from counterprompt.webui.serving import block_data, serve_rest

    block_data(demo)
    serve_rest(app)


def _close() -> None:
    from counterprompt.webui.desk import close_desk

    close_desk()


def _restore_pasted(infotext: str, params: dict[str, Any]) -> None:
    from counterprompt.webui.dynamic_script import restore_pasted

    restore_pasted(infotext, params)
