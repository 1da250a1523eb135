"""The demo's picture: drawn by the miniature, kept as a WebUI user would have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.miniature.world import SIZE
from counterprompt.ports import GenerationRequest

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.ports import ImageGenerator

USUAL_STEPS: Final = 10
"""Sampling steps that the miniature needs."""

DEMO_REQUEST: Final = GenerationRequest(
    prompt="purple house, sky background, <lora:framed:0.9>",
    negative_prompt="",
    seed=7,
    steps=USUAL_STEPS,
    cfg_scale=7.0,
    width=SIZE,
    height=SIZE,
)
"""A style turned up so far that its LoRA spills, and no negative prompt: most pictures have a defect."""

DEMO_PICTURE: Final = "demo.png"


def draw_demo_picture(generator: ImageGenerator, folder: Path) -> Path:
    """Draw DEMO_REQUEST into *folder* with the infotext of a WebUI, and return the picture's path.

    Raises:
        InvalidInputError: *folder* cannot be written.
        GeneratorError: *generator* failed.
    """
    from counterprompt.imagefile.write import write_infotext
    from counterprompt.infotext.params import GenerationParams
    from counterprompt.infotext.render import render_infotext

    image = generator.generate([DEMO_REQUEST])[0]
    path = folder / DEMO_PICTURE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        image.save(path)
    except OSError as error:
        raise InvalidInputError(f"The folder {folder} cannot be written ({error.strerror}); name another.") from error
    params = GenerationParams(DEMO_REQUEST.prompt, DEMO_REQUEST.negative_prompt, _fields())
    write_infotext(path, render_infotext(params))
    return path


def _fields() -> tuple[tuple[str, str], ...]:
    return (
        ("Steps", str(DEMO_REQUEST.steps)),
        ("Sampler", DEMO_REQUEST.sampler_name),
        ("CFG scale", f"{DEMO_REQUEST.cfg_scale:g}"),
        ("Seed", str(DEMO_REQUEST.seed)),
        ("Size", f"{DEMO_REQUEST.width}x{DEMO_REQUEST.height}"),
        ("Model", "miniature"),
        ("Version", "v1.10.1"),
    )
