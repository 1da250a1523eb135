"""A picture for a prompt that has none: drawn once, kept as a WebUI user would have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.bootstrap.pictures import read_picture
from counterprompt.errors import InvalidInputError
from counterprompt.whole_files import naming_the_remedy, replacing

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.infotext.params import GenerationParams
    from counterprompt.ports import GenerationRequest, ImageGenerator

ASKED_PICTURE: Final = "asked.png"
"""Name of such a picture in its study's folder."""


def draw_prompt(request: GenerationRequest, generator: ImageGenerator, model: str, folder: Path) -> Path:
    """Draw *request* into *folder* with its infotext, unless that was done before, and return the picture's path.

    *model* is the checkpoint's name for the infotext.

    Raises:
        InvalidInputError: the folder cannot be written.
        GeneratorError: the generator failed.
    """
    from counterprompt.imagefile.write import write_infotext
    from counterprompt.infotext.render import render_infotext

    path = folder / ASKED_PICTURE
    infotext = render_infotext(params_of(request, model))
    if _is_drawn(path, infotext):
        return path
    (image,) = generator.generate([request])
    with naming_the_remedy(f"The folder {folder}", "name another as output"):
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(path) as aside:
            image.save(aside, "PNG")
            write_infotext(aside, infotext)
    return path


def _is_drawn(path: Path, infotext: str) -> bool:
    try:
        return path.is_file() and read_picture(path).infotext == infotext
    except InvalidInputError:
        return False


def params_of(request: GenerationRequest, model: str) -> GenerationParams:
    """Return the generation parameters that a WebUI would write for *request*."""
    from counterprompt.infotext.params import GenerationParams

    fields = [
        ("Steps", str(request.steps)),
        ("Sampler", request.sampler_name),
        ("CFG scale", f"{request.cfg_scale:g}"),
        ("Seed", str(request.seed)),
        ("Size", f"{request.width}x{request.height}"),
        ("Model", model),
    ]
    return GenerationParams(request.prompt, request.negative_prompt, tuple(fields))
