"""The list of readers, and the one question they answer together: who made this picture, and how?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.comfyui.read import read_comfyui
from counterprompt.imagefile.programs.drawthings import read_drawthings
from counterprompt.imagefile.programs.easydiffusion import read_easydiffusion
from counterprompt.imagefile.programs.fooocus import read_fooocus
from counterprompt.imagefile.programs.invokeai import read_invokeai
from counterprompt.imagefile.programs.marks import read_marks
from counterprompt.imagefile.programs.novelai import read_novelai
from counterprompt.imagefile.programs.swarmui import read_swarmui
from counterprompt.imagefile.programs.webui_family import INFOTEXT_KEYS, read_plain_text, read_webui
from counterprompt.imagefile.programs.xmp import read_xmp, read_xmp_maker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from counterprompt.imagefile.programs.reading import ProgramReading
    from counterprompt.imagefile.texts import EmbeddedTexts

READERS: tuple[Callable[[EmbeddedTexts], ProgramReading | None], ...] = (
    read_novelai,
    read_swarmui,
    read_fooocus,
    read_invokeai,
    read_drawthings,
    read_easydiffusion,
    read_webui,
    read_comfyui,
    read_xmp,
    read_plain_text,
    read_marks,
    read_xmp_maker,
)
"""In the order in which they are asked; the first that recognises the picture answers.

Programs that mark their pictures unmistakably come first. An infotext comes before ComfyUI's graph, since the nodes
that save one know the values that the graph leaves open; what the XMP packet tells, a text of no known form, and
marks without settings, come last.
"""
_READERS_OF_AN_INFOTEXT = READERS[READERS.index(read_webui) :]
_NO_INFOTEXT = ("{", "Prompt:")
"""How the texts start that other programs put in the infotext's place: JSON, and Easy Diffusion's lines."""


def read_program(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read the generation parameters of whichever program wrote them; None where nothing is embedded.

    Raises:
        InvalidInputError: a text is longer than what is read.
    """
    for read in _READERS_OF_AN_INFOTEXT if _is_infotext_alone(embedded.texts) else READERS:
        reading = read(embedded)
        if reading is not None:
            return reading
    return None


def _is_infotext_alone(texts: Mapping[str, str]) -> bool:
    """Whether the only text stands where an infotext does and starts like one: most pictures need no other reader."""
    if len(texts) != 1:
        return False
    ((key, text),) = texts.items()
    return key in INFOTEXT_KEYS and not text.lstrip().startswith(_NO_INFOTEXT)
