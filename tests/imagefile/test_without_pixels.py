"""Large files, read without their pixels."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile import without_pixels
from counterprompt.imagefile.png_texts import walk_png
from counterprompt.imagefile.read import PictureReading, read_picture
from counterprompt.imagefile.source import read_bytes

Make = Callable[..., bytes]


def _noise(image_format: str, side: int = 400, **settings: object) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(file, image_format, **settings)
    return file.getvalue()


def _noisy_png(infotext: str, note: str = "") -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("parameters", infotext)
    texts.add_text("Title", note)
    return _noise("PNG", pnginfo=texts)


def _noisy_jpeg(infotext: str, image_format: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x8769] = {0x9286: b"UNICODE\0" + infotext.encode("utf-16-be")}
    return _noise(image_format, quality=95, exif=exif.tobytes())


def _move_text_behind_the_pixels(content: bytes) -> bytes:
    chunks = [(kind, content[start - 8 : end + 4]) for kind, start, end in walk_png(content)]
    chunks.insert(-1, chunks.pop([kind for kind, _ in chunks].index(b"tEXt")))
    return content[:8] + b"".join(chunk for _, chunk in chunks)


def _cut_pixels_small(content: bytes) -> bytes:
    small = b"\0\0\0\1IDAT" + bytes(5)
    start = next(start for kind, start, _ in walk_png(content) if kind == b"IDAT") - 8
    return content[:start] + small * 300 + content[start:]


FILES: dict[str, tuple[Callable[[str], bytes], bool]] = {
    "PNG": (_noisy_png, False),
    "PNG, text behind the pixels": (lambda text: _move_text_behind_the_pixels(_noisy_png(text)), False),
    "PNG, text longer than the head": (lambda text: _noisy_png("a, " * 10_000 + text), False),
    "PNG, cut off": (lambda text: _noisy_png(text)[:-9], False),
    "PNG, a chunk of a MiB": (lambda text: _noisy_png(text, "x" * 2**20), True),
    "PNG, pixels in small pieces": (lambda text: _cut_pixels_small(_noisy_png(text)), True),
    "JPEG": (_noisy_jpeg, False),
    "JPEG, bytes behind its end": (lambda text: _noisy_jpeg(text) + bytes(99), False),
    "JPEG, many bytes behind its end": (lambda text: _noisy_jpeg(text) + bytes(9999), True),
    "JPEG, cut off": (lambda text: _noisy_jpeg(text)[:-9], True),
    "JPEG, text longer than the head": (lambda text: _noisy_jpeg("a, " * 9_000 + text), True),
    "WebP": (lambda text: _noisy_jpeg(text, "WEBP"), True),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_same_is_found_without_the_pixels(tmp_path: Path, infotext: str, kind: str) -> None:
    """A large file tells the same from the disk as from memory, and its pixels are read only where they have to be."""
    make, is_whole = FILES[kind]
    content = make(infotext)
    path = tmp_path / "picture"
    path.write_bytes(content)

    picture = read_bytes(path, needs_pixels=False)

    assert (is_whole, is_whole) == (picture.is_whole, picture.content == content)
    assert infotext in (read_picture(path).infotext or "")
    assert read_picture(content) == read_picture(path)


def test_small_files_are_read_whole(tmp_path: Path, make_png: Make) -> None:
    """A small file has its pixels."""
    path = tmp_path / "small.png"
    path.write_bytes(make_png())

    assert make_png() == read_bytes(path, needs_pixels=False).content
    assert read_bytes(path, needs_pixels=False).is_whole


def test_a_text_in_the_pixels_is_still_found(tmp_path: Path) -> None:
    """Where a large file says nothing else, the pixels are read after all."""
    hidden = b"Steps: 20, Sampler: Euler a, CFG scale: 7"
    bits = b"stealth_pnginfo" + (len(hidden) * 8).to_bytes(4, "big") + hidden
    image = Image.effect_noise((400, 400), 80).convert("RGBA")
    for position, bit in enumerate("".join(f"{letter:08b}" for letter in bits)):
        x, y = divmod(position, 400)
        red, green, blue, _ = image.getpixel((x, y))
        image.putpixel((x, y), (red, green, blue, 254 | int(bit)))
    image.save(tmp_path / "it.png")

    assert not read_bytes(tmp_path / "it.png", needs_pixels=False).is_whole
    assert hidden.decode() == read_picture(tmp_path / "it.png").infotext


def test_damaged_files_tell_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, infotext: str, make_png: Make, make_jpeg: Make
) -> None:
    """However a file is damaged, it tells or is refused the same from the disk as from memory."""
    monkeypatch.setattr(without_pixels, "_HEAD_BYTES", 150)
    monkeypatch.setattr(without_pixels, "_USUAL_PIECE", 16)
    chance = random.Random(3)
    path = tmp_path / "picture"
    files = [make_png({"parameters": infotext}), make_jpeg(b"ASCII\0\0\0" + infotext.encode()), make_jpeg()]
    ways = set()
    for number in range(300):
        content = bytearray(files[number % 3])
        for _ in range(chance.randrange(3)):
            content[chance.randrange(len(content))] = chance.choice((0, 255, chance.randrange(256)))
        content = content[: chance.choice((len(content), chance.randrange(151, len(content))))]
        path.write_bytes(content)
        outcome = _read(path)
        ways.add(type(outcome))

        assert _read(bytes(content)) == outcome
    assert {str, PictureReading} == ways


def _read(source: Path | bytes) -> PictureReading | str:
    try:
        return read_picture(source)
    except InvalidInputError as error:
        return str(error).replace(str(source), "the picture")
