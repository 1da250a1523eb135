"""AUTOMATIC1111 and the programs that write its infotext: Forge, reForge, SD.Next and others.

They share one format, so one reader serves them; the fields "App" and "Version" tell them apart. Seen versions: Forge
"f0.0.17v1.8.0rc-latest-276-g29be1da7" and "f2.0.1v1.10.1-previous-659-gc055f2d4", reForge
"f1.0.0v2-v1.10.1RC-latest-2502-g630cf49b", Forge's successors "neo" and "classic", Fooocus "Fooocus v2.5.5".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.boilerplate import is_boilerplate
from counterprompt.imagefile.programs.reading import ProgramReading
from counterprompt.infotext.fields import read_integer
from counterprompt.infotext.parse import parse_infotext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.imagefile.texts import EmbeddedTexts
    from counterprompt.infotext.params import GenerationParams

INFOTEXT_KEYS = ("parameters", "UserComment", "comment", "txt")
"""Keys of the texts that can be an infotext, in the order in which they count."""
UNKNOWN_PROGRAM = "unknown"
AUTOMATIC1111 = "AUTOMATIC1111"

_PROGRAM_OF_VERSION = {
    "ComfyUI": "ComfyUI",
    "Fooocus": "Fooocus",
    "neo": "Forge Neo",
    "classic": "Forge Classic",
    "f1.": "reForge",
    "f": "Forge",
}
"""Start of the "Version" field to the program that writes it; the first that fits counts."""
_PROGRAM_OF_FIELD = {"Civitai resources": "Civitai", "Civitai metadata": "Civitai", "Pipeline": "SD.Next"}
"""Field to the program that writes it, for infotexts that name neither App nor Version."""


def find_infotext(texts: Mapping[str, str]) -> str | None:
    """Return the infotext from the first place that the WebUI would look in (1.10.1, modules/images.py), or None.

    A picture's EXIF hides its comment, and a text file beside the picture counts where the picture says nothing.
    White space alone, as cameras write it, says nothing, and neither does "Created with GIMP" in a comment, which the
    WebUI takes for a prompt.
    """
    for key in INFOTEXT_KEYS:
        text = texts.get(key)
        if not text or text.isspace() or (key == "comment" and "UserComment" in texts):
            continue
        if key == "parameters" or not is_boilerplate(text):
            return text
    return None


def read_webui(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read an infotext with a parameter line; None where there is none.

    Raises:
        InvalidInputError: the infotext is too long.
    """
    reading = read_plain_text(embedded)
    return reading if reading is not None and reading.params.fields else None


def read_plain_text(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read whatever text stands in the infotext's place as the WebUI reads it; None where there is none.

    Raises:
        InvalidInputError: the text is too long.
    """
    infotext = find_infotext(embedded.texts)
    if infotext is None:
        return None
    gen_params = parse_infotext(infotext)
    return ProgramReading(_name_program(gen_params), infotext, gen_params)


def _name_program(gen_params: GenerationParams) -> str:
    texts = dict(gen_params.fields)
    if app := texts.get("App"):
        return app
    version = texts.get("Version", "")
    if version and not version.startswith("v"):  # AUTOMATIC1111's own, by far the most common
        for start, name in _PROGRAM_OF_VERSION.items():
            if version.startswith(start):
                return name
    for label, name in _PROGRAM_OF_FIELD.items():
        if label in texts:
            return name
    is_webui = read_integer(texts.get("Steps")) is not None or (gen_params.negative_prompt and not texts)
    return AUTOMATIC1111 if is_webui else UNKNOWN_PROGRAM
