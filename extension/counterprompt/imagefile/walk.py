"""Tells what kind of picture a file is and finds its texts, pixels left alone."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile import bounds
from counterprompt.imagefile.avif_texts import find_avif_texts, is_avif
from counterprompt.imagefile.exif_texts import add_exif_texts
from counterprompt.imagefile.findings import Findings
from counterprompt.imagefile.gif_texts import find_gif_texts
from counterprompt.imagefile.jpeg_texts import find_jpeg_texts
from counterprompt.imagefile.png_texts import find_png_texts
from counterprompt.imagefile.webp_texts import find_webp_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.imagefile.source import PictureBytes

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
)


def tell_container(content: bytes) -> str | None:
    """Return "PNG", "JPEG", "WebP", "GIF", "AVIF" or "BMP", or None for what is no picture we know."""
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            return name
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WebP"
    return "AVIF" if is_avif(content) else None


def walk_container(picture: PictureBytes) -> Findings:
    """Find the texts and the size of a picture; texts that are broken or too long are left out with a remark.

    A JPEG's or GIF's comment counts where there is no EXIF block, as in the WebUI, or where it holds steps: of a
    picture that has both, the comment mostly names an editor.

    Raises:
        InvalidInputError: it is no picture of a known format, tells no size, or has more than MAX_PIXELS.
    """
    container = tell_container(picture.content)
    if container is None:
        raise InvalidInputError(
            f"{picture.name} is not a picture, whatever its name says; give a PNG, JPEG, WebP, AVIF or GIF."
        )
    found = Findings()
    _WALKERS[container](picture.content, found)
    _check_size(picture.name, found)
    if found.is_cut_off:
        found.damage.append("is cut off")
    if found.exif and "steps:" not in found.texts.get("comment", "").lower():
        found.texts.pop("comment", None)
    add_exif_texts(found)
    return found


def _check_size(name: str, found: Findings) -> None:
    if not found.width or not found.height:
        raise InvalidInputError(f"{name} is broken (it tells no size); save or download it again.")
    if found.width * found.height > bounds.MAX_PIXELS:
        raise InvalidInputError(
            f"{name} has {found.width}x{found.height} pixels, more than the {bounds.MAX_PIXELS} that are read; "
            "scale it down."
        )


def _find_bmp_size(content: bytes, found: Findings) -> None:
    """A BMP holds no text; a negative height says that the first row is the top one."""
    if int.from_bytes(content[14:18], "little") == 12 and len(content) >= 22:
        found.width, found.height = struct.unpack_from("<HH", content, 18)
    elif len(content) >= 26:
        width, height = struct.unpack_from("<ii", content, 18)
        found.width, found.height = max(width, 0), abs(height)
    if int.from_bytes(content[2:6], "little") > len(content):
        found.is_cut_off = True


_WALKERS: dict[str, Callable[[bytes, Findings], None]] = {
    "PNG": find_png_texts,
    "JPEG": find_jpeg_texts,
    "WebP": find_webp_texts,
    "GIF": find_gif_texts,
    "AVIF": find_avif_texts,
    "BMP": _find_bmp_size,
}
