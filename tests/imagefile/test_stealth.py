"""Texts hidden in pixels."""

import gzip
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import pytest
from PIL import Image

from counterprompt.imagefile import bounds, stealth
from counterprompt.imagefile.read import read_picture
from counterprompt.imagefile.source import PictureBytes
from counterprompt.imagefile.stealth import find_stealth_texts

Maker = Callable[..., bytes]
HIDDEN = "a cat, 猫\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 40x40"


def _hide(
    body: bytes, kind: str, size: tuple[int, int] = (40, 44), length: int | None = None, **settings: Any
) -> bytes:
    """Write *body* bit by bit, as the format is told in words, and as slowly."""
    hidden = f"stealth_{kind}".encode() + (len(body) * 8 if length is None else length).to_bytes(4, "big") + body
    bits = iter("".join(f"{byte:08b}" for byte in hidden))
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 4), np.uint8)
    noise[..., 3] = 255
    pixels = noise.tolist()
    channels = (3,) if kind.startswith("png") else (0, 1, 2)
    for x in range(size[0]):
        for y in range(size[1]):
            for channel in channels:
                if (bit := next(bits, None)) is not None:
                    pixels[y][x][channel] = pixels[y][x][channel] & 254 | int(bit)
    image = Image.fromarray(np.array(pixels, np.uint8), "RGBA")
    file = io.BytesIO()
    image = image if settings.pop("alpha", True) else image.convert("RGB")
    image.save(file, settings.pop("image_format", "PNG"), **settings)
    return file.getvalue()


@pytest.mark.parametrize("size", [(40, 44), (44, 40), (11, 200), (900, 2)])
@pytest.mark.parametrize("kind", ["pnginfo", "pngcomp", "rgbinfo", "rgbcomp"])
def test_every_kind_is_found(kind: str, size: tuple[int, int]) -> None:
    """Plain and gzipped, in alpha and in colours, in pictures high and wide."""
    body = gzip.compress(HIDDEN.encode()) if kind.endswith("comp") else HIDDEN.encode()

    reading = read_picture(_hide(body, kind, size))

    channel = "alpha channel" if kind.startswith("png") else "color channels"
    assert (HIDDEN, f"the {channel} (stealth infotext)") == (reading.infotext, reading.place)


def test_colours_are_asked_without_alpha() -> None:
    """A picture in mode RGB can hide a text as well."""
    assert HIDDEN == read_picture(_hide(HIDDEN.encode(), "rgbinfo", alpha=False)).infotext


def test_lossless_webp_is_asked() -> None:
    """A WebP without loss keeps the lowest bits."""
    picture = _hide(HIDDEN.encode(), "pnginfo", image_format="WEBP", lossless=True, exact=True)

    assert HIDDEN == read_picture(picture).infotext


def test_novelais_object_is_spread() -> None:
    """The object that NovelAI hides comes as the texts it would have written openly."""
    texts = {"Software": "NovelAI", "Description": "a cat", "Comment": json.dumps({"uc": "blurry"})}
    found = find_stealth_texts(PictureBytes("it", _hide(gzip.compress(json.dumps(texts).encode()), "pngcomp")), 40, 44)

    assert texts == found.texts


def test_open_texts_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pixel is decoded where the file says openly what it is."""
    monkeypatch.setattr(stealth, "decode_picture", lambda _: pytest.fail("decoded"))
    picture = _hide(HIDDEN.encode(), "pnginfo")
    text = b"parameters\0openly"
    chunk = len(text).to_bytes(4, "big") + b"tEXt" + text + bytes(4)

    assert "openly" == read_picture(picture[:33] + chunk + picture[33:]).infotext


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_ordinary_pictures_are_not_decoded(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first rows are enough to see that nothing is hidden."""
    monkeypatch.setattr(stealth, "decode_picture", lambda _: pytest.fail("decoded"))
    file = io.BytesIO()
    (Image.new(mode, (64, 64)) if mode == "I;16" else Image.effect_noise((64, 64), 90).convert(mode)).save(file, "PNG")

    assert "none" == read_picture(file.getvalue()).program


@pytest.mark.parametrize("length", [2**32 - 1, 8 * 40 * 44, 0])
def test_false_lengths_are_left_out(length: int) -> None:
    """A length that the picture cannot hold is no text."""
    picture = PictureBytes("it", _hide(b"abc", "pnginfo", length=length))

    assert "abc" not in find_stealth_texts(picture, 40, 44).texts.values()


def test_hidden_bombs_are_left_out(in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """A gzipped text that unpacks to more than the limit costs no more than the limit."""
    bomb = gzip.compress(bytes(8_000_000))
    picture = PictureBytes("it", _hide(bomb, "pngcomp", (260, 260)))
    find_stealth_texts(picture, 260, 260)  # imports count only once
    with in_time(0.05):
        found = find_stealth_texts(picture, 260, 260)

    assert {} == found.texts
    assert "unpacks to more than" in found.damage[0]


def test_pictures_too_large_are_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit nothing is decoded to look for a text."""
    picture = PictureBytes("it", _hide(HIDDEN.encode(), "pnginfo"))
    assert find_stealth_texts(picture, 40, 44).texts

    monkeypatch.setattr(stealth, "MAX_STEALTH_PIXELS", 40 * 44 - 1)
    assert not find_stealth_texts(picture, 40, 44).texts
    assert bounds.MAX_STEALTH_PIXELS > 33_000_000
