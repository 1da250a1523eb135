"""Typed properties and changed copies."""

from typing import Any

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.infotext.params import GenerationParams
from counterprompt.infotext.parse import parse_infotext

INFOTEXT = (
    "a cat <lora:detail:0.8>\nNegative prompt: blurry\n"
    "Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 4294967295, Size: 512x768, "
    "Model hash: 6ce0161689, Model: v1-5-pruned, VAE hash: 26cc240b77, VAE: vae.pt, Variation seed: 5, "
    "Variation seed strength: 0.2, Denoising strength: 0.7, Clip skip: 2, Hires upscale: 1.5, Hires upscaler: Latent, "
    'Lora hashes: "detail: 7c6bad76eb54, style: e3b0c44298fc", TI hashes: "bad-hands: aa7651be154c", Version: v1.10.1'
)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("steps", 20),
        ("sampler_name", "DPM++ 2M"),
        ("scheduler", "Karras"),
        ("sampler_and_scheduler", ("DPM++ 2M", "Karras")),
        ("cfg_scale", 7.5),
        ("seed", 4294967295),
        ("size", (512, 768)),
        ("first_pass_size", None),
        ("width", 512),
        ("height", 768),
        ("model_hash", "6ce0161689"),
        ("model_name", "v1-5-pruned"),
        ("vae_hash", "26cc240b77"),
        ("vae_name", "vae.pt"),
        ("denoising_strength", 0.7),
        ("clip_skip", 2),
        ("subseed", 5),
        ("subseed_strength", 0.2),
        ("hires_upscale", 1.5),
        ("hires_upscaler", "Latent"),
        ("lora_hashes", {"detail": "7c6bad76eb54", "style": "e3b0c44298fc"}),
        ("embedding_hashes", {"bad-hands": "aa7651be154c"}),
        ("version", "v1.10.1"),
    ],
)
def test_properties_have_their_types(attribute: str, value: Any) -> None:
    """Each property reads its field into its type."""
    assert value == getattr(parse_infotext(INFOTEXT), attribute)


@pytest.mark.parametrize("attribute", ["steps", "sampler_name", "cfg_scale", "seed", "width", "height", "model_hash"])
def test_absent_fields_are_none(attribute: str) -> None:
    """A text without a parameter line has no values."""
    assert getattr(GenerationParams("a cat"), attribute) is None


def test_unreadable_numbers_are_none() -> None:
    """A field that holds no number gives None instead of an error."""
    gen_params = GenerationParams(
        "", "", (("Steps", "many"), ("CFG scale", "nan"), ("Seed", "9" * 9999), ("Size", "x"))
    )

    assert (None,) * 4 == (gen_params.steps, gen_params.cfg_scale, gen_params.seed, gen_params.width)


def test_the_first_pass_counts_as_size() -> None:
    """Before 2023 "Size" was the upscaled size; the size to generate at is the first pass."""
    gen_params = GenerationParams("", "", (("Size", "1024x1536"), ("First pass size", "512x768")))

    assert (512, 768) == (gen_params.width, gen_params.height)


def test_copies_leave_the_original_alone() -> None:
    """Changed copies differ in what was asked only."""
    gen_params = parse_infotext(INFOTEXT)

    assert gen_params.with_field("Steps", "30").steps == 30
    assert gen_params.with_prompts(prompt="a dog").negative_prompt == "blurry"
    assert gen_params.without_field("Seed").seed is None
    assert gen_params == parse_infotext(INFOTEXT)


def test_a_label_that_cannot_be_read_back_is_refused() -> None:
    """A field with such a label would vanish at the next reading."""
    with pytest.raises(InvalidInputError, match="Odd"):
        GenerationParams("").with_field("Odd (x)", "1")


def test_the_last_of_several_fields_counts() -> None:
    """A label that comes twice has its last value, as in the WebUI."""
    assert GenerationParams("", "", (("Steps", "1"), ("Steps", "2"))).steps == 2
