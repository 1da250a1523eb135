"""The contract of WD taggers, on models whose confidences are the pixels they were fed."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from counterprompt.errors import MissingModelError
from counterprompt.tagging.contract import InputContract, read_input_contract, wd_pixels
from counterprompt.tagging.wd import WdTagger

FLOAT16 = 10
"""onnx.TensorProto.FLOAT16."""


def _plain(colour, size=(8, 8)):
    return Image.new("RGB", size, colour)


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param({}, id="v3: channels last, free batch"),
        pytest.param({"batch": 1}, id="v2: channels last, one picture"),
        pytest.param({"batch": 3}, id="channels last, three pictures"),
        pytest.param({"channels_first": True}, id="channels first, free batch"),
        pytest.param({"channels_first": True, "batch": 1}, id="channels first, one picture"),
        pytest.param({"element": FLOAT16}, id="16 bits"),
    ],
)
def test_every_layout_is_fed_the_same(pixel_tagger_folder, layout):
    """Whatever the layout: blue, green, red from 0 to 255, the picture in the middle of a white square."""
    tagger = WdTagger(pixel_tagger_folder(**layout), batch_size=2)

    confidences = tagger.confidences([_plain((10, 20, 30)), _plain((40, 50, 60), (8, 4))])

    square, wide = (confidences * 255).tolist()
    assert pytest.approx([30, 20, 10, 30, 20, 10], abs=0.1) == square
    assert pytest.approx([255, 255, 255, 60, 50, 40], abs=0.1) == wide


@pytest.mark.parametrize("channels_first", [False, True])
def test_a_free_size_takes_the_usual_one(pixel_tagger_folder, channels_first):
    """A model that leaves the size open is fed 448 pixels: the pixel at 4 of a thin picture is still padding."""
    folder = pixel_tagger_folder(size="size", channels_first=channels_first)

    (confidences,) = WdTagger(folder).confidences([_plain("black", (448, 400))])

    assert [255] * 6 == (confidences * 255).tolist()


@pytest.mark.parametrize(
    ("element", "shape"),
    [
        ("tensor(uint8)", [1, 448, 448, 3]),
        ("tensor(float)", [1, 448, 448, 4]),
        ("tensor(float)", [1, 448, 224, 3]),
        ("tensor(float)", [1, 3, 448, 224]),
        ("tensor(float)", ["batch", "height", "width", "channels"]),
        ("tensor(float)", [1, 768]),
    ],
)
def test_another_input_is_refused(element, shape):
    """A model that takes integers, or no square pictures of three channels, is no WD tagger."""
    source = SimpleNamespace(name="input", type=element, shape=shape)

    with pytest.raises(MissingModelError, match="use a WD tagger's ONNX file"):
        read_input_contract(source, Path("folder"))


@pytest.mark.parametrize("divisor", [25.5, -255.0])
def test_confidences_out_of_range_are_refused(pixel_tagger_folder, divisor):
    """A model without its sigmoid gives numbers that are no confidences, and is refused."""
    with pytest.raises(MissingModelError, match="instead of confidences within 0 to 1"):
        WdTagger(pixel_tagger_folder(divisor=divisor)).confidences([_plain("white")])


def test_empty_places_of_a_fixed_batch_are_zero():
    """A fixed batch is filled up with black, channels first where the model wants that."""
    contract = InputContract("input", 4, has_channels_first=True, batch=3, float_type="float32")

    array = contract.array([_plain("white", (4, 4))])

    assert (3, 3, 4, 4) == array.shape
    assert [255.0, 0.0, 0.0] == array.max(axis=(1, 2, 3)).tolist()


def test_wide_picture_is_padded_white_in_bgr():
    """A wide picture lies in the middle of a white square; the channels are blue, green, red."""
    pixels = wd_pixels(_plain((10, 20, 30), (4, 2)), 4)

    assert ((4, 4, 3), np.float32) == (pixels.shape, pixels.dtype)
    assert [255.0] * 3 == pixels[0, 0].tolist() == pixels[3, 3].tolist()
    assert [30.0, 20.0, 10.0] == pixels[1, 0].tolist() == pixels[2, 3].tolist()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_becomes_white(mode):
    """What is transparent counts as white."""
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0)).convert("LA" if mode == "LA" else "RGBA")
    if mode == "P":
        clear = Image.new("P", (4, 4), 0)
        clear.info["transparency"] = 0

    assert 255.0 == wd_pixels(clear, 4).min()


def test_a_thread_of_pixels_takes_no_gigabytes():
    """A picture far longer than wide is scaled down before its square is made, white beside it as ever."""
    thread, strip = (wd_pixels(_plain((0, 0, 0), size), 8) for size in ((1, 1_000_000), (1200, 9000)))

    assert (8, 8, 3) == thread.shape == strip.shape
    assert (255.0, 255.0) == (thread[:, 0].min(), strip[:, 0].min())
    assert strip[:, 4].max() < 200.0
