"""The first column of a PNG."""

import io

import numpy as np
import pytest
from PIL import Image

from counterprompt.imagefile.first_column import read_first_column


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("smooth", [False, True])
def test_it_is_what_pillow_decodes(mode: str, smooth: bool) -> None:
    """All five filters give the pixels that a full decoder gives."""
    rng = np.random.default_rng(3)
    shape = (90, 31, len(mode))
    noise = rng.integers(0, 256, shape) if not smooth else np.cumsum(rng.integers(-3, 4, shape), axis=0).cumsum(axis=1)
    array = noise.astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(array, mode).save(file, "PNG")

    assert [bytes(pixel) for pixel in array[:70, 0]] == list(read_first_column(file.getvalue(), 70))


@pytest.mark.parametrize("mode", ["L", "P", "LA", "1", "I;16"])
def test_other_layouts_give_nothing(mode: str) -> None:
    """Layouts in which nobody hides texts are not read."""
    file = io.BytesIO()
    Image.new(mode, (4, 4)).save(file, "PNG")

    assert [] == list(read_first_column(file.getvalue(), 4))


def test_broken_pixels_give_less() -> None:
    """A cut or broken file gives what there is, and raises nothing."""
    file = io.BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(file, "PNG")
    png = file.getvalue()

    for cut in range(0, len(png), 50):
        assert len(read_first_column(png[:cut], 64)) <= 64
        assert len(read_first_column(png[:cut] + b"\x99" * 40 + png[cut + 40 :], 64)) <= 64
