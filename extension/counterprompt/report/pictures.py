"""Pictures of a report as data URLs, made small enough for one page."""

from __future__ import annotations

import base64
import io
from html import escape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

_LARGEST_EDGE = 448
_SMALL_EDGE = 160


def picture_tag(folder: Path, name: str, alt: str) -> str:
    """Render an `<img>` with the picture *name* inside *folder* as its data; "" where it cannot be shown.

    *name* must stay inside *folder*: report data may come from elsewhere.
    """
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name:
        return ""
    image = _open(folder / path)
    return "" if image is None else image_tag(image, alt)


def image_tag(image: Image.Image, alt: str) -> str:
    """Render an `<img>` with *image* (RGB) as its data, small pictures lossless and unsmoothed."""
    shown = image.copy()
    shown.thumbnail((_LARGEST_EDGE, _LARGEST_EDGE))
    buffer = io.BytesIO()
    is_small = max(shown.size) <= _SMALL_EDGE
    if is_small:
        shown.save(buffer, "PNG", optimize=True)
    else:
        shown.save(buffer, "JPEG", quality=86)
    url = f"data:image/{'png' if is_small else 'jpeg'};base64,{base64.b64encode(buffer.getvalue()).decode()}"
    kind = ' class="pixel"' if is_small else ""
    return f'<img{kind} src="{url}" width="{shown.width}" height="{shown.height}" alt="{escape(alt)}">'


def _open(path: Path) -> Image.Image | None:
    from PIL import Image

    try:
        with Image.open(path) as opened:
            return opened.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
