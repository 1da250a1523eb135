"""The drawn world keeps its word: what a scene says is what its picture shows."""

import random
from dataclasses import replace

import numpy as np
import pytest

from counterprompt.miniature.drawing import draw
from counterprompt.miniature.world import COLOURS, DEFECTS, SHAPES, SIZE, sample_scene


def _clean(shape="square", background="white", **changes):
    scene = sample_scene(random.Random(1), style="plain", defects=(), shape=shape, colour="red", background=background)
    return replace(scene, **changes)


def test_a_scene_is_drawn_the_same_every_time():
    """Equal scenes give equal pixels, grain included."""
    scene = _clean(defects=("noisy", "watermark"))

    assert np.array_equal(draw(scene), draw(scene))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_drawn_in_its_colour(shape):
    """Pixels of the scene's colour are there, whatever the shape."""
    pixels = draw(_clean(shape)).astype(int)

    close = (np.abs(pixels - np.array(COLOURS["red"])).max(axis=-1) < 40).sum()

    assert (SIZE, SIZE, 3) == pixels.shape
    assert close > 60


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_changes_the_picture(defect):
    """Every defect is seen by comparing with the same scene without it."""
    clean = _clean("person")

    difference = np.abs(draw(clean).astype(int) - draw(replace(clean, defects=(defect,)))).mean()

    assert difference > 1.5


def test_blur_takes_edges_away_and_grain_adds_them():
    """The mean step between neighbours falls with blur and rises with grain."""

    def roughness(defects):
        return np.abs(np.diff(draw(_clean(defects=defects)).astype(float), axis=0)).mean()

    assert roughness(("blurry",)) < roughness(()) < roughness(("noisy",))


def test_overexposure_clips():
    """An overexposed white background is pure white."""
    pixels = draw(_clean(defects=("overexposed",)))

    assert (pixels[2, 2] == 255).all()


def test_sand_backgrounds_have_dark_corners():
    """The untreatable defect is on every sand background and on no other."""
    assert draw(_clean(background="sand"))[0, 0].mean() < 100
    assert draw(_clean(background="white"))[0, 0].mean() > 200
    assert _clean(background="sand").has_vignette


def test_extra_arms_need_a_body():
    """Bad anatomy is dropped where no person is drawn."""
    scene = sample_scene(random.Random(0), shape="circle", defects=("bad anatomy", "blurry"))

    assert ("blurry",) == scene.defects


def test_about_half_of_the_scenes_have_a_defect():
    """The world is flawed enough for a negative prompt to matter."""
    rng = random.Random(5)

    share = np.mean([bool(sample_scene(rng).defects) for _ in range(2000)])

    assert 0.5 < share < 0.75
