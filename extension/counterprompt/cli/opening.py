"""Opening the report where there is a desktop to open it on."""

import os
import sys
import webbrowser
from pathlib import Path


def open_page(page: Path) -> None:
    """Open *page* in the browser; does nothing where no one could see it, and never fails."""
    open_address(page.as_uri())


def open_address(address: str) -> None:
    """Open *address* in the browser; does nothing where no one could see it, and never fails."""
    has_desktop = sys.platform in {"win32", "darwin"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not has_desktop or not sys.stderr.isatty():
        return
    try:
        webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return
