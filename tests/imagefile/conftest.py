"""Tiny pictures, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

INFOTEXT = "a cat\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 4x3"


@pytest.fixture
def infotext() -> str:
    """An ordinary infotext."""
    return INFOTEXT


@pytest.fixture
def make_png() -> Callable[..., bytes]:
    """Make a PNG with the given text chunks; `zip` compresses them."""

    def make(texts: dict[str, str] | None = None, zip: bool = False, **settings: Any) -> bytes:
        chunks = PngImagePlugin.PngInfo()
        for key, text in (texts or {}).items():
            chunks.add_text(key, text, zip=zip)
        return _save("PNG", pnginfo=chunks, **settings)

    return make


@pytest.fixture
def make_jpeg() -> Callable[..., bytes]:
    """Make a JPEG, or another format, with the given UserComment bytes in its EXIF."""

    def make(user_comment: bytes | None = None, image_format: str = "JPEG", **settings: Any) -> bytes:
        if user_comment is not None:
            exif = Image.Exif()
            exif[0x8769] = {0x9286: user_comment}
            settings["exif"] = exif.tobytes()
        return _save(image_format, **settings)

    return make


def _save(image_format: str, mode: str = "RGB", size: tuple[int, int] = (4, 3), **settings: Any) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(file, image_format, **settings)
    return file.getvalue()
