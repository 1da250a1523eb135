"""Our tab on the host's page: the real one or, where that cannot be built, one that says why and what to do."""

from __future__ import annotations

import logging
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.webui.tab.host_parts import HostParts

if TYPE_CHECKING:
    from counterprompt.ports import InventorySource

TAB_LABEL: Final = "Counterprompt"
TAB_ID: Final = "counterprompt"

HOST_PARTS: Final = HostParts()
"""Parts of the host's page that the tab reads from."""

NEEDED: Final = {"optuna": "optuna", "onnxruntime": "onnxruntime", "open_clip": "open-clip-torch"}
"""Module to the package that brings it: what install.py adds where a host lacks it."""

_log = logging.getLogger(__name__)


def build_page() -> list[tuple[Any, str, str]]:
    """Build the tab, as the host's callback wants it; never raises."""
    try:
        return [(_real_tab(), TAB_LABEL, TAB_ID)]
    except Exception as error:
        _log.exception("Counterprompt: the tab could not be built")
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        return [(_notice_tab(f"The tab could not be built ({said}). The console says more."), TAB_LABEL, TAB_ID)]


def missing_packages() -> list[str]:
    """Name the packages that are needed and not here; nothing is imported."""
    return [package for module, package in NEEDED.items() if find_spec(module) is None]


def missing_notice() -> str:
    """Say in one sentence what is missing and how to get it, "" where nothing is."""
    missing = missing_packages()
    if not missing:
        return ""
    return (
        f"Nothing can be tuned or tagged before these are installed: restart the WebUI while online, without "
        f"--skip-install, or run in its environment: pip install {' '.join(missing)}"
    )


def _real_tab() -> Any:
    from counterprompt.webui.language import host_words
    from counterprompt.webui.options import host_settings
    from counterprompt.webui.tab.build import build_tab
    from counterprompt.webui.tab.services import TabServices
    from counterprompt.webui.tab.txt2img_fields import find_txt2img_fields

    settings = host_settings()
    missing = missing_notice()
    services = TabServices(
        settings,
        host_words(),
        find_txt2img_fields(),
        inventory=_inventory,
        report_fault=_tell_console,
        open_host_picture=_open_host_picture,
        parts=HOST_PARTS.components,
        desk=None if missing else _DeskOnUse(),
        missing=missing,
        styles_file=_styles_file,
        reload_styles=_reload_styles,
    )
    return build_tab(services)


class _DeskOnUse:
    """The study desk, opened when the first of its methods is asked for: a page is built sooner without it."""

    def __getattr__(self, name: str) -> Any:
        from counterprompt.webui.desk import study_desk

        return getattr(study_desk(), name)


def _notice_tab(text: str) -> Any:
    import gradio

    with gradio.Blocks(analytics_enabled=False) as blocks:
        for sentence in filter(None, (text, missing_notice())):
            gradio.HTML(f'<p role="alert">{escape(sentence, quote=True)}</p>')
    return blocks


def _inventory() -> InventorySource:
    from counterprompt.webui.host_inventory import inventory_here

    return inventory_here()


def _tell_console(text: str) -> None:
    _log.error("Counterprompt: %s", text)


def _styles_file() -> Path | None:
    """Return the file that the host keeps new styles in."""
    from modules import shared

    chosen = getattr(shared.prompt_styles, "default_path", None) or getattr(shared, "styles_filename", None)
    return Path(chosen) if isinstance(chosen, (str, Path)) and str(chosen) else None


def _reload_styles() -> None:
    from modules import shared

    shared.prompt_styles.reload()


def _open_host_picture(item: Any) -> Any:
    """Open what the gallery describes, by the host's own check of its path."""
    from modules import generation_parameters_copypaste as copypaste

    return copypaste.image_from_url_text([item] if isinstance(item, (dict, tuple)) else item)
