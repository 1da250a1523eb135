"""Pictures of a report as data URLs, made small enough for one page."""

from __future__ import annotations

import base64
import io
from html import escape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST_EDGE = 448
_SMALL_EDGE = 160


def picture_tag(folder: Path, name: str, alt: str) -> str:
    """Render an `<img>` with the picture *name* inside *folder* as its data; "" where it cannot be shown.

    *name* must stay inside *folder*: report data may come from elsewhere.
    """
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name:
        return ""
    shown = _embed(folder / path)
    if shown is None:
        return ""
    url, width, height = shown
    kind = ' class="pixel"' if max(width, height) <= _SMALL_EDGE else ""
    return f'<img{kind} src="{url}" width="{width}" height="{height}" alt="{escape(alt)}">'


def _embed(path: Path) -> tuple[str, int, int] | None:
    from PIL import Image

    try:
        with Image.open(path) as opened:
            image = opened.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    image.thumbnail((_LARGEST_EDGE, _LARGEST_EDGE))
    buffer = io.BytesIO()
    is_small = max(image.size) <= _SMALL_EDGE
    if is_small:
        image.save(buffer, "PNG", optimize=True)
    else:
        image.save(buffer, "JPEG", quality=86)
    kind = "png" if is_small else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode()}", *image.size
