"""Hostile files are refused in under 50 ms, and at little memory."""

import struct
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.read import read_pasted_text, read_picture

MIB = 1024 * 1024
LONG = b"a, " * (10 * MIB // 3)
HEADER = struct.pack(">IIBBBBB", 64, 64, 8, 6, 0, 0, 0)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(*chunks: bytes, header: bytes = HEADER) -> bytes:
    pixels = _chunk(b"IDAT", zlib.compress(bytes(64 * 257)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + b"".join(chunks) + pixels + _chunk(b"IEND", b"")


def _webp(kind: bytes, body: bytes) -> bytes:
    chunks = b"VP8X" + struct.pack("<I", 10) + b"\x0c" + bytes(9) + kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _exif(body: bytes) -> bytes:
    directory = struct.pack(">HHHIII", 1, 0x9286, 7, len(body), 26, 0)
    return b"MM\0*" + struct.pack(">I", 8) + directory + body


def _nest(kind: bytes, depth: int) -> bytes:
    box = b""
    for _ in range(depth):
        box = struct.pack(">I", len(box) + 8) + kind + box
    return box


def _wide(width: int, height: int) -> bytes:
    return _png(header=struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))


def _gif(blocks: int) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0) + b"\x21\xfe" + (b"\xff" + b"a" * 255) * blocks + b"\0\x3b"


def _items(count: int, boxes: int) -> bytes:
    """A "meta" box of *count* pictures that lie in "idat", which stands behind so many other boxes."""
    infos = (b"\0\0\0\x15infe\2\0\0\0" + struct.pack(">HH", number, 0) + b"av01\0" for number in range(count))
    places = (struct.pack(">HHHHII", number, 1, 0, 1, 0, 9) for number in range(count))
    bodies = {b"iinf": bytes(4), b"iloc": b"\1\0\0\0\x44\0"}
    parts = {b"iinf": b"".join(infos), b"iloc": b"".join(places)}
    whole = [bodies[kind] + struct.pack(">H", count) + part for kind, part in parts.items()]
    meta = bytes(4) + b"".join(struct.pack(">I", len(body) + 8) + kind + body for kind, body in zip(parts, whole))
    meta += b"\0\0\0\x08free" * boxes + b"\0\0\0\x11idat" + bytes(9)
    return struct.pack(">I", len(meta) + 8) + b"meta" + meta


AVIF = struct.pack(">I", 16) + b"ftypavif" + bytes(4)
BOMBS: dict[str, Callable[[], bytes]] = {
    "tEXt of 10 MB": lambda: _png(_chunk(b"tEXt", b"parameters\0" + LONG)),
    "iTXt of 10 MB": lambda: _png(_chunk(b"iTXt", b"parameters\0\0\0\0\0" + LONG)),
    "tEXt of 2 MB": lambda: _png(_chunk(b"tEXt", b"parameters\0" + LONG[: 2 * MIB])),
    "zTXt bomb": lambda: _png(_chunk(b"zTXt", b"parameters\0\0" + zlib.compress(bytes(40 * MIB), 1))),
    "iTXt bomb": lambda: _png(_chunk(b"iTXt", b"parameters\0\1\0\0\0" + zlib.compress(bytes(40 * MIB), 1))),
    "forty zTXt bombs": lambda: _png(*[_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(8 * MIB), 1))] * 40),
    "EXIF of 10 MB": lambda: _webp(b"EXIF", _exif(b"ASCII\0\0\0" + LONG)),
    "XMP of 10 MB": lambda: _webp(b"XMP ", LONG + b"a"),
    "comment of 10 MB": lambda: _gif(40_000),
    "400 megapixels": lambda: _wide(20_000, 20_000),
    "one row of 4 gigapixels": lambda: _wide(2**32 - 1, 1),
    "nested boxes": lambda: AVIF + _nest(b"meta", 5_000),
    "300,000 boxes": lambda: AVIF + struct.pack(">I", 2_400_008) + b"meta" + (b"\0\0\0\x08free") * 300_000,
    "1,000 items behind 10,000 boxes": lambda: AVIF + _items(1_000, 10_000),
    "300,000 chunks": lambda: b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", HEADER) + _chunk(b"aaAa", b"") * 300_000,
    "300,000 segments": lambda: b"\xff\xd8\xff\xc0\0\x08\x08\0\x09\0\x09\x01" + b"\xff\xee\0\x02" * 300_000,
    "3,000,000 fill bytes": lambda: b"\xff\xd8" + b"\xff" * 3_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_at_once(name: str, in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """Each is refused with our own error, in under 50 ms of processor time and 64 MiB of memory."""
    bomb = BOMBS[name]()
    with pytest.raises(InvalidInputError):  # imports count only once
        read_picture(bomb)
    with in_time(0.05), pytest.raises(InvalidInputError):
        read_picture(bomb)

    tracemalloc.start()
    with pytest.raises(InvalidInputError):
        read_picture(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * MIB


def test_a_pasted_text_of_10_mb_is_refused_at_once(in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """What the user pastes has the same limit."""
    text = LONG.decode()
    with in_time(0.05), pytest.raises(InvalidInputError, match="characters"):
        read_pasted_text(text)


def test_what_is_left_out_does_not_hide_the_rest(make_png: Callable[..., bytes], infotext: str) -> None:
    """A text that is too long is left out with a note where another one tells about the making."""
    png = make_png({"parameters": infotext})
    bomb = _chunk(b"zTXt", b"workflow\0\0" + zlib.compress(bytes(8 * MIB)))

    reading = read_picture(png[:33] + bomb + png[33:])

    assert infotext == reading.infotext
    assert [
        'The picture has a text in the PNG text "workflow" that is left out: it unpacks to more than 4194304 bytes.'
    ] == [*reading.notes]
