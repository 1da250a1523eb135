"""Signal measures."""

import numpy as np
import pytest
from PIL import Image

from counterprompt.scoring.damage import damage_picture
from counterprompt.scoring.signals import SIGNAL_NAMES, measure_signals, noise_sigma


@pytest.fixture
def picture():
    """A soft landscape of colours with one hard square in it."""
    rows, columns = np.mgrid[0:64, 0:64]
    pixels = np.stack([90 + rows, 80 + columns, 160 - rows], axis=2).astype(np.uint8)
    pixels[20:40, 20:40] = (180, 60, 60)
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((255, 255, 255), {"clipped": 1.0, "saturation": 0.0, "sharpness": 0.0, "noise": 0.0, "flatness": 1.0}),
        ((255, 0, 128), {"clipped": 2 / 3, "saturation": 1.0, "sharpness": 0.0, "noise": 0.0, "flatness": 1.0}),
        ((100, 50, 100), {"clipped": 0.0, "saturation": 0.5, "sharpness": 0.0, "noise": 0.0, "flatness": 1.0}),
    ],
)
def test_one_colour(colour, expected):
    """One single colour gives values that one can reckon in the head."""
    assert pytest.approx(expected, abs=1 / 255) == measure_signals([Image.new("RGB", (9, 7), colour)])[0]


@pytest.mark.parametrize(
    ("defect", "signal", "direction"),
    [("blurry", "sharpness", -1), ("noisy", "noise", 1), ("overexposed", "clipped", 1), ("noisy", "flatness", -1)],
)
def test_damage_moves_its_signal(picture, defect, signal, direction):
    """Each damage moves the measure that watches for it."""
    good, damaged = measure_signals([picture, damage_picture(picture, defect)])

    assert direction * (damaged[signal] - good[signal]) > 0


def test_noise_estimate_is_right():
    """White noise of a known strength is estimated within five percent."""
    import torch

    noise = torch.from_numpy(np.random.default_rng(0).normal(128, 13, (1, 200, 200)).round().astype(np.int16))

    assert pytest.approx(13.0, rel=0.05) == noise_sigma(noise).item()


def test_values_are_those_of_plain_arithmetic(picture):
    """The whole-number arithmetic on many pictures gives what Pillow and floating point give for one."""
    luma = np.asarray(picture.convert("L"), dtype=np.float64) / 255
    inner = luma[1:-1, 1:-1]
    laplacian = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:] - 4 * inner
    shares = np.array(picture.convert("L").histogram()) / luma.size
    entropy = -sum(share * np.log2(share) for share in shares if share)
    expected = {
        "clipped": np.mean((np.asarray(picture) <= 1) | (np.asarray(picture) >= 254)),
        "saturation": np.asarray(picture.convert("HSV"))[..., 1].mean() / 255,
        "sharpness": laplacian.var(),
        "flatness": 1 - entropy / 8,
    }

    (signals,) = measure_signals([picture])

    assert pytest.approx(expected, abs=1e-9) == {name: signals[name] for name in expected}


def test_company_changes_nothing(picture):
    """A picture measured among others of any size gives, in its place, what it gives alone."""
    others = [picture, picture.rotate(90), picture.resize((30, 40)), picture.convert("L"), picture]

    assert [measure_signals([other])[0] for other in others] == measure_signals(others)


def test_card_without_memory_leaves_it_to_the_processor(picture, monkeypatch):
    """Where a card's memory runs out the same values come from the processor."""
    import torch

    from counterprompt.scoring import signals

    def measure(images, device):
        if device != "cpu":
            raise torch.cuda.OutOfMemoryError("CUDA out of memory")
        return [{"clipped": 0.5} for _ in images]

    monkeypatch.setattr(signals, "_measure", measure)

    assert [{"clipped": 0.5}] == measure_signals([picture], "cuda")


@pytest.mark.parametrize("size", [(1, 1), (2, 50), (3, 3)])
def test_values_stay_within_zero_and_one(size):
    """Even the smallest, harshest picture keeps to the promised names and range."""
    pixels = np.random.default_rng(1).integers(0, 2, (size[1], size[0], 3), dtype=np.uint8) * 255
    (signals,) = measure_signals([Image.fromarray(pixels)])

    assert SIGNAL_NAMES == tuple(signals)
    assert all(0.0 <= value <= 1.0 for value in signals.values())
