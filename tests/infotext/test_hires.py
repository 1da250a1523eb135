"""The hires fix."""

from counterprompt.infotext.hires import HiresFix, read_hires_fix
from counterprompt.infotext.parse import parse_infotext

LINE = "a cat\nSteps: 20, Sampler: Euler, Seed: 1, Denoising strength: 0.5"


def test_every_field_is_typed() -> None:
    """Prompts with commas and line breaks included."""
    gen_params = parse_infotext(
        f'{LINE}, Hires prompt: "a dog,\\nfat", Hires negative prompt: blurry, Hires resize: 1024x0, Hires steps: 10, '
        "Hires upscaler: 4x-UltraSharp, Hires sampler: DPM++ 2M, Hires schedule type: Karras, Hires CFG Scale: 4, "
        "Hires checkpoint: other"
    )

    assert HiresFix(
        upscale=None,
        size=(1024, 0),
        upscaler="4x-UltraSharp",
        steps=10,
        denoising_strength=0.5,
        sampler_name="DPM++ 2M",
        scheduler="Karras",
        cfg_scale=4.0,
        checkpoint="other",
        prompt="a dog,\nfat",
        negative_prompt="blurry",
    ) == read_hires_fix(gen_params)


def test_a_factor_is_enough() -> None:
    """Only what the infotext names is set."""
    hires = read_hires_fix(parse_infotext(f"{LINE}, Hires upscale: 1.5"))

    assert hires is not None
    assert (1.5, None, None, None) == (hires.upscale, hires.size, hires.steps, hires.prompt)


def test_without_its_fields_there_was_none() -> None:
    """A denoising strength alone is image to image."""
    assert read_hires_fix(parse_infotext(LINE)) is None
