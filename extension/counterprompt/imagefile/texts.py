"""What a picture file says about its making, as text, wherever it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class EmbeddedTexts:
    """The texts of one picture file."""

    texts: Mapping[str, str]
    """Keyword to text: PNG keywords as they stand, "UserComment", "ImageDescription", "Make", "Model" and "Software" of
    EXIF, "comment" of JPEG and GIF, "xmp", "txt" of the file beside it."""
    width: int
    """Pixels, as shown upright."""
    height: int
    """Pixels, as shown upright."""
