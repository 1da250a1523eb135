"""The fake generator and scorer that ship for users' own tests."""

from dataclasses import replace

import pytest
from PIL import Image

from counterprompt.errors import GeneratorError, ScorerError
from counterprompt.generation.fake import FLAT_WORLD, FakeGenerator, FakeScorer, FakeWorld
from counterprompt.ports import GenerationRequest

REQUEST = GenerationRequest("a house <lora:style:0.7>", "", 1, cfg_scale=8.0, width=64, height=48)


def test_scores_travel_in_the_picture():
    """The scorer reads from the pixels what the world says of the request, and nothing else."""
    (image,) = FakeGenerator().generate([REQUEST])

    assert ((64, 48), "RGB") == (image.size, image.mode)
    assert [FakeWorld().scores(REQUEST)] == FakeScorer().score([image], "another prompt")


def test_scores_survive_a_file(tmp_path):
    """A picture saved as PNG and opened again has the same scores."""
    (image,) = FakeGenerator().generate([REQUEST])
    image.save(tmp_path / "picture.png")

    assert [FakeWorld().scores(REQUEST)] == FakeScorer().score([Image.open(tmp_path / "picture.png")], "")


def test_equal_requests_give_equal_pictures():
    """Two generators agree on every byte, and another seed gives another picture."""
    first, second = FakeGenerator().generate([REQUEST, replace(REQUEST, seed=2)])

    assert first.tobytes() == FakeGenerator().generate([REQUEST])[0].tobytes()
    assert first.tobytes() != second.tobytes()


@pytest.mark.parametrize(
    "worse",
    [
        replace(REQUEST, cfg_scale=5.0),
        replace(REQUEST, cfg_scale=12.0),
        replace(REQUEST, prompt="a house <lora:style:1.1>"),
        replace(REQUEST, negative_prompt="painting"),
        replace(REQUEST, negative_prompt=", ".join(f"word {n}" for n in range(20))),
    ],
)
def test_the_optimum_is_known(worse: GenerationRequest):
    """Leaving the best LoRA weight or CFG scale, a harmful term and a wall of words all cost quality."""
    assert FakeWorld().quality(REQUEST) > FakeWorld().quality(worse)


def test_naming_a_defect_removes_it():
    """A negative term of a defect's name lowers its rate, with emphasis too, but not at CFG 1."""
    world = FakeWorld()
    named = replace(REQUEST, negative_prompt="(Blurry, watermark:1.2)")

    assert pytest.approx(0.9 - 0.06) == world.defect_rate(REQUEST) - world.defect_rate(named)
    assert world.defect_rate(REQUEST) == world.defect_rate(replace(named, cfg_scale=1.0))


def test_in_the_flat_world_nothing_helps():
    """There no setting changes quality or defects."""
    named = replace(REQUEST, negative_prompt="blurry, painting", cfg_scale=6.0)

    assert (0.0, 0.0) == (FLAT_WORLD.quality(REQUEST), FLAT_WORLD.quality(named))
    assert FLAT_WORLD.defect_rate(REQUEST) == FLAT_WORLD.defect_rate(named)


def test_high_cfg_is_harsh():
    """Beyond CFG 12 clipping and saturation rise, which guards must notice."""
    mild, harsh = FakeWorld().scores(REQUEST), FakeWorld().scores(replace(REQUEST, cfg_scale=16.0))

    assert harsh.signals["clipped"] > mild.signals["clipped"] + 0.1
    assert harsh.signals["saturation"] > mild.signals["saturation"] + 0.1


def test_foreign_pictures_are_refused():
    """A picture that the fake did not make, or that was changed, cannot be scored."""
    (image,) = FakeGenerator().generate([REQUEST])

    with pytest.raises(ScorerError, match="not made by the fake"):
        FakeScorer().score([Image.new("RGB", (64, 64))], "")
    image.putpixel((10, 0), (0, 0, 0))
    with pytest.raises(ScorerError, match="changed"):
        FakeScorer().score([image], "")


def test_tiny_pictures_are_refused():
    """A picture too small to carry its scores is named with its size."""
    with pytest.raises(GeneratorError, match="16x48"):
        FakeGenerator().generate([replace(REQUEST, width=16)])
