"""What the host calls us for: settings, tab, routes, and the end of it all. A fault of ours stays ours."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

_log = logging.getLogger(__name__)


def register_callbacks() -> None:
    """Register everything with the host, which forgets it when its page is reloaded; never by name (HOSTS.md 1.3)."""
    from modules import script_callbacks

    script_callbacks.on_ui_settings(_guarded(_add_options))
    script_callbacks.on_before_ui(_guarded(_forget_page))
    script_callbacks.on_after_component(_guarded(_see_component))
    script_callbacks.on_ui_tabs(_build_tab)
    script_callbacks.on_app_started(_guarded(_serve))
    script_callbacks.on_script_unloaded(_guarded(_close))


def _guarded(work: Callable[..., None]) -> Callable[..., None]:
    """Let a fault of *work* end in the console, so that the host and other extensions go on."""

    @wraps(work)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            work(*args, **kwargs)
        except Exception:
            _log.exception("Counterprompt: %s failed; the rest goes on", work.__name__.strip("_"))

    return run


def _add_options() -> None:
    from counterprompt.webui.options import add_options

    add_options()


def _forget_page() -> None:
    from counterprompt.webui.page import HOST_PARTS

    HOST_PARTS.reset()


def _see_component(component: Any, **kwargs: Any) -> None:
    from counterprompt.webui.page import HOST_PARTS

    HOST_PARTS.after_component(component, **kwargs)


def _build_tab() -> list[tuple[Any, str, str]]:
    from counterprompt.webui.page import build_page

    return build_page()


def _serve(demo: Any, app: Any) -> None:
    from counterprompt.webui.serving import block_data, serve_rest

    block_data(demo)
    serve_rest(app)


def _close() -> None:
    from counterprompt.webui.desk import close_desk

    close_desk()
