"""Reads a picture: what is embedded in it, and its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.beside import find_text_beside
from counterprompt.imagefile.findings import Findings
from counterprompt.imagefile.novelai import is_novelai, render_novelai
from counterprompt.imagefile.programs import NO_PROGRAM, detect_program
from counterprompt.imagefile.source import read_bytes
from counterprompt.imagefile.texts import EmbeddedTexts
from counterprompt.imagefile.walk import walk_container
from counterprompt.infotext.parse import parse_infotext

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL import Image

    from counterprompt.imagefile.source import PictureBytes
    from counterprompt.infotext.params import GenerationParams


@dataclass(frozen=True)
class PictureReading:
    """What a picture says about its making."""

    infotext: str | None
    """The embedded text as it stands in the file, or None where there is none."""
    params: GenerationParams | None
    """What the infotext says, or None where there is none."""
    program: str
    """Program that made it, such as "AUTOMATIC1111"; "unknown", or "none" where nothing is embedded."""
    width: int
    """Pixels, as shown upright; 0 for a text without a picture."""
    height: int
    """Pixels, as shown upright; 0 for a text without a picture."""
    place: str = ""
    """Where the texts stand that it was read from, in words, such as "the EXIF UserComment"; empty where nowhere."""
    notes: tuple[str, ...] = ()
    """Sentences on what was left out, is damaged or had to be guessed."""


def read_picture(source: Path | bytes) -> PictureReading:
    """Read the embedded generation parameters as the WebUI's PNG Info finds them, from a file or its bytes.

    The name's ending counts for nothing, the content does. Pixels are decoded only where the file holds no text that
    tells about its making and the first pixels look as if they hid one. A NAME.txt beside the picture is asked last.
    A picture that is cut off or damaged is read as far as it tells something, and the notes say so.

    Raises:
        InvalidInputError: the picture is missing, empty, too large or no picture at all, its infotext is too long, or
            it is cut off or damaged and tells nothing.
    """
    picture = read_bytes(source)
    found = walk_container(picture)
    reading = _read_texts(found, found)
    for hidden in _look_further(picture, source, found) if reading.program == NO_PROGRAM else ():
        reading = _read_texts(hidden, found)
        if reading.program != NO_PROGRAM:
            break
    if reading.program == NO_PROGRAM and found.damage:
        raise InvalidInputError(f"{picture.name} {found.damage[0]}, and tells nothing; save or download it again.")
    return reading


def read_pasted_text(text: str) -> PictureReading:
    """Read generation parameters that the user pasted; blank text says nothing.

    Raises:
        InvalidInputError: *text* is too long.
    """
    found = Findings()
    found.texts["parameters"], found.places["parameters"] = text, "the pasted text"
    return _read_texts(found, found)


def open_picture(source: Path | bytes) -> Image.Image:
    """Open a picture upright in mode RGB, transparent parts on white.

    Raises:
        InvalidInputError: the picture is missing, empty, broken, cut off, too large or no picture at all.
    """
    from counterprompt.imagefile.decode import decode_picture, to_rgb, turn_upright

    return to_rgb(turn_upright(decode_picture(read_bytes(source))))


def _look_further(picture: PictureBytes, source: Path | bytes, found: Findings) -> Iterator[Findings]:
    """Look where a text takes more time to find: in the pixels, then beside the picture."""
    from counterprompt.imagefile.stealth import find_stealth_texts

    hidden = find_stealth_texts(picture, found.width, found.height)
    found.damage += hidden.damage
    yield hidden
    if text := find_text_beside(source):
        beside = Findings()
        beside.texts["txt"], beside.places["txt"] = text, "the text file beside it"
        yield beside


def _read_texts(told: Findings, found: Findings) -> PictureReading:
    """Read what the texts of *told* say; the size and the damage are those of *found*."""
    width, height = (found.height, found.width) if found.is_turned else (found.width, found.height)
    embedded = EmbeddedTexts(told.texts, width, height)
    infotext = _find_infotext(embedded)
    params = None if infotext is None else parse_infotext(infotext)
    notes = tuple(f"The picture {damage}." for damage in found.damage)
    place = ", ".join(dict.fromkeys(told.places[keyword] for keyword in told.texts))
    return PictureReading(infotext, params, detect_program(told.texts, params), width, height, place, notes)


def _find_infotext(embedded: EmbeddedTexts) -> str | None:
    """Look in the WebUI's places (1.10.1, modules/images.py); white space alone, as cameras write, says nothing."""
    texts = embedded.texts
    novelai = render_novelai(texts, (embedded.width, embedded.height)) if is_novelai(texts) else None
    places = ("parameters", "UserComment", "comment", "txt")
    text = novelai or next((texts[key] for key in places if texts.get(key)), "")
    return text if text.strip() else None
