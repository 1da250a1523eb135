"""What lists the model files that a user has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.places import expanded

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from counterprompt.ports import InventorySource, ProgressListener
    from counterprompt.settings import Settings


def load_inventory(place: str, settings: Settings, auth: str | None, progress: ProgressListener) -> InventorySource:
    """Return what lists the model files at *place*, a WebUI's folder or its URL; nothing is asked or read yet.

    Raises:
        InvalidInputError: the URL is none, or *auth* has no colon.
    """
    if place.startswith(("http://", "https://")):
        from counterprompt.generation.webui_connection import WebuiConnection
        from counterprompt.inventory.webui import WebuiInventory

        connection = WebuiConnection(place, auth, timeout_s=30.0)
        return WebuiInventory(connection.get_if_offered, connection.url)
    from counterprompt.inventory.folder import FolderInventory

    return FolderInventory(expanded(Path(place)), settings.data_folder / "hashes.sqlite3", progress)


def host_inventory(answer: Callable[[str], Any], source: str) -> InventorySource:
    """Return what lists the model files of the WebUI that this code runs in; *answer* answers as its API would."""
    from counterprompt.inventory.webui import WebuiInventory

    return WebuiInventory(answer, source)
