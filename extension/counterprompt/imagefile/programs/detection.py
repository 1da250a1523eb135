"""Which program made a picture, told from the texts it left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.imagefile.novelai import is_novelai

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.infotext.params import GenerationParams

NO_PROGRAM = "none"
UNKNOWN_PROGRAM = "unknown"

_PROGRAM_OF_KEY = {
    "invokeai_metadata": "InvokeAI",
    "sd-metadata": "InvokeAI",
    "Dream": "InvokeAI",
    "workflow": "ComfyUI",
    "prompt": "ComfyUI",
    "fooocus_scheme": "Fooocus",
}
"""Key of a PNG text to the program that writes it; the first that is present counts."""
_PROGRAM_OF_JSON_WORD = {
    "sui_image_params": "SwarmUI",
    "fooocus": "Fooocus",
    "base_model": "Fooocus",
    "full_negative_prompt": "Fooocus",
}
"""Word in an infotext that is a JSON object to the program that writes it."""
_PROGRAM_OF_VERSION = {"ComfyUI": "ComfyUI", "neo": "Forge Neo", "classic": "Forge Classic", "f": "Forge"}
"""Start of the "Version" field to the program that writes it; the first that fits counts."""


def detect_program(texts: Mapping[str, str], params: GenerationParams | None) -> str:
    """Name the program, "unknown" for texts no program we know writes, "none" where there is no text at all.

    *texts* are the picture's text chunks, *params* what its infotext says.
    """
    if is_novelai(texts):
        return "NovelAI"
    if params is not None and params.fields:
        return _detect_by_fields(params)
    infotext = texts.get("parameters", "").lstrip()
    if infotext.startswith("{"):
        return next((name for word, name in _PROGRAM_OF_JSON_WORD.items() if word in infotext), UNKNOWN_PROGRAM)
    for key, name in _PROGRAM_OF_KEY.items():
        if key in texts:
            return name
    return NO_PROGRAM if params is None else _detect_by_prompts(params)


def _detect_by_fields(params: GenerationParams) -> str:
    if app := params.text("App"):
        return app
    version = params.version or ""
    for start, name in _PROGRAM_OF_VERSION.items():
        if version.startswith(start):
            return name
    if params.text("Civitai resources") is not None:
        return "Civitai"
    return "AUTOMATIC1111" if params.steps is not None else UNKNOWN_PROGRAM


def _detect_by_prompts(params: GenerationParams) -> str:
    return "AUTOMATIC1111" if params.negative_prompt else UNKNOWN_PROGRAM
