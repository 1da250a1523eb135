"""Pictures whose making is told in the XMP packet alone.

Editors and archives keep an infotext, or another program's JSON, in the packet's `exif:UserComment` or
`dc:description`. IPTC Photo Metadata 2025.1 has `AIPromptInformation`, `AISystemUsed` and `AISystemVersionUsed` of its
own for any generator of pictures. A description without settings is a caption, and a comment such as the "Screenshot"
of macOS says nothing of a making.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.easydiffusion import read_easydiffusion
from counterprompt.imagefile.programs.fooocus import read_fooocus
from counterprompt.imagefile.programs.reading import ProgramReading, compose_reading
from counterprompt.imagefile.programs.swarmui import read_swarmui
from counterprompt.imagefile.programs.webui_family import UNKNOWN_PROGRAM, read_webui
from counterprompt.imagefile.texts import EmbeddedTexts
from counterprompt.imagefile.xmp_values import find_xmp_value
from counterprompt.infotext.params import GenerationParams

if TYPE_CHECKING:
    from collections.abc import Callable

_PREFIXES = ("Iptc4xmpExt", "iptcExt")
_PLACES = ("exif:UserComment", "dc:description", *(f"{prefix}:AIPromptInformation" for prefix in _PREFIXES))
_MARK_OF_INFOTEXT = "steps"
_READERS: tuple[Callable[[EmbeddedTexts], ProgramReading | None], ...] = (
    read_swarmui,
    read_fooocus,
    read_easydiffusion,
    read_webui,
)
"""Those that read one text, wherever it stood."""
_ONLY_PROMPT = "The XMP packet tells the prompt and no settings."
_ONLY_MAKER = "The XMP packet names {} as the maker and tells neither prompt nor settings."


def read_xmp(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read settings, or else a prompt, out of the XMP packet; None where it tells neither.

    Raises:
        InvalidInputError: a text is too long.
    """
    packet = embedded.texts.get("xmp")
    if not packet:
        return None
    for text in (find_xmp_value(packet, place) for place in _PLACES):
        reading = _read_text(text, embedded) if _MARK_OF_INFOTEXT in text.lower() else None
        if reading is not None:
            return reading
    prompt = _find_property(packet, "AIPromptInformation")
    return compose_reading(_name_maker(packet) or UNKNOWN_PROGRAM, prompt, "", {}, (_ONLY_PROMPT,)) if prompt else None


def read_xmp_maker(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Name the program that the XMP packet says made the picture, with an empty infotext; None where it names none."""
    maker = _name_maker(embedded.texts.get("xmp", ""))
    return ProgramReading(maker, "", GenerationParams(""), (_ONLY_MAKER.format(maker),)) if maker else None


def _read_text(text: str, embedded: EmbeddedTexts) -> ProgramReading | None:
    alone = EmbeddedTexts({"parameters": text}, embedded.width, embedded.height)
    return next((reading for read in _READERS if (reading := read(alone)) is not None), None)


def _name_maker(packet: str) -> str:
    system, version = (_find_property(packet, name) for name in ("AISystemUsed", "AISystemVersionUsed"))
    return f"{system} {version}".strip() if system else ""


def _find_property(packet: str, name: str) -> str:
    return next((value for prefix in _PREFIXES if (value := find_xmp_value(packet, f"{prefix}:{name}"))), "")
