"""What the tab needs from the rest of the extension, given to it when it is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterprompt.webui.tab.txt2img_fields import Txt2imgFields
from counterprompt.webui.tab.words import ENGLISH, Words

if TYPE_CHECKING:
    from counterprompt.ports import InventorySource
    from counterprompt.settings import Settings


@dataclass(frozen=True)
class TabServices:
    """The tab's surroundings."""

    settings: Settings
    """Where things lie."""
    words: Words = ENGLISH
    """The page's language."""
    fields: Txt2imgFields = field(default_factory=Txt2imgFields)
    """The host's txt2img fields."""
    inventory: Callable[[], InventorySource | None] = lambda: None
    """What lists the host's model files, None where nobody can."""
    report_fault: Callable[[str], None] = lambda text: None
    """Prints a fault of ours to the host's console."""
    open_host_picture: Callable[[Any], Any] = lambda item: None
    """Opens a picture that the host's gallery describes, by the host's own check of its path."""
    parts: Mapping[str, Any] = field(default_factory=dict)
    """Element id to component of the host's page, and of our buttons on it; see `host_parts`."""
