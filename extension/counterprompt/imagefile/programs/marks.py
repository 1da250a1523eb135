"""Pictures that name their program but whose settings are broken, cut off or of a version nobody described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.reading import ProgramReading
from counterprompt.infotext.params import GenerationParams

if TYPE_CHECKING:
    from counterprompt.imagefile.texts import EmbeddedTexts

_PROGRAM_OF_KEY = {
    "invokeai_metadata": "InvokeAI",
    "invokeai_graph": "InvokeAI",
    "sd-metadata": "InvokeAI",
    "Dream": "InvokeAI",
    "workflow": "ComfyUI",
    "prompt": "ComfyUI",
    "fooocus_scheme": "Fooocus",
}
"""Key of a text to the program that writes it; the first that is present counts."""
_SOFTWARE = ("NovelAI",)
"""What "Software" says of programs that make pictures."""
_UNREADABLE = "{} made the picture, but its settings cannot be read: they are broken, cut off or of an unknown version."


def read_marks(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Name the program by the keys of its texts, with an empty infotext; None where no program left its mark."""
    texts = embedded.texts
    software = texts.get("Software", "")
    name = (
        software
        if software in _SOFTWARE
        else next((_PROGRAM_OF_KEY[key] for key in _PROGRAM_OF_KEY if key in texts), None)
    )
    return None if name is None else ProgramReading(name, "", GenerationParams(""), (_UNREADABLE.format(name),))
