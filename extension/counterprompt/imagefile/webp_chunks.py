"""Replaces the EXIF chunk of a WebP without touching its pixels (RFC 9649, section 2.7)."""

from __future__ import annotations

from counterprompt.imagefile.exif_directory import strip_header
from counterprompt.imagefile.webp_texts import HEADER_BYTES, read_webp_size, walk_webp

_HAS_EXIF, _HAS_ALPHA = 0x08, 0x10
_ALPHA_OF_LOSSLESS = 1 << 28


def replace_webp_exif(content: bytes, exif: bytes) -> bytes:
    """Put *exif* behind the pixels, in the place of every EXIF chunk there was.

    A simple file is given the header chunk that it needs to hold more than pixels; all other chunks stay as they are.

    Raises:
        ValueError: *content* is no whole WebP.
    """
    end = 8 + int.from_bytes(content[4:8], "little")
    chunks = [(kind, content[start:stop]) for kind, start, stop in walk_webp(content[:end]) if kind != b"EXIF"]
    kinds = [kind for kind, _ in chunks]
    if end > len(content) or not any(kind in kinds for kind in (b"VP8 ", b"VP8L", b"ANMF")):
        raise ValueError("the WebP is cut off")
    if kinds[0] == b"VP8X":
        header = bytes((chunks[0][1][0] | _HAS_EXIF,)) + chunks[0][1][1:]
        chunks[0] = (b"VP8X", header)
    else:
        chunks.insert(0, (b"VP8X", _build_header(*chunks[0])))
    place = next((position for position, (kind, _) in enumerate(chunks) if kind == b"XMP "), len(chunks))
    chunks.insert(place, (b"EXIF", strip_header(exif)))
    body = b"".join(_build_chunk(*chunk) for chunk in chunks)
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + content[8:HEADER_BYTES] + body + content[end:]


def _build_header(kind: bytes, pixels: bytes) -> bytes:
    """The ten bytes of flags and size that stand before anything else but pixels."""
    width, height = read_webp_size(kind, pixels[:10])
    is_transparent = kind == b"VP8L" and int.from_bytes(pixels[1:5], "little") & _ALPHA_OF_LOSSLESS
    flags = _HAS_EXIF | (_HAS_ALPHA if is_transparent else 0)
    return bytes((flags, 0, 0, 0)) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def _build_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
