"""Reads a picture: what is embedded in it, and its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.beside import find_text_beside
from counterprompt.imagefile.findings import Findings
from counterprompt.imagefile.programs.registry import read_program
from counterprompt.imagefile.source import read_bytes
from counterprompt.imagefile.texts import EmbeddedTexts
from counterprompt.imagefile.walk import walk_container

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL import Image

    from counterprompt.imagefile.source import PictureBytes
    from counterprompt.infotext.params import GenerationParams

NO_PROGRAM = "none"


@dataclass(frozen=True)
class PictureReading:
    """What a picture says about its making."""

    infotext: str | None
    """The embedded text as it stands in the file, or of other programs than the WebUI one in its words; None where
    there is none."""
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
    """Read the embedded generation parameters of any program, from a file or its bytes.

    The name's ending counts for nothing, the content does. Pixels are decoded only where the file holds no text that
    tells about its making and the first pixels look as if they hid one. A NAME.txt beside the picture is asked last.
    A picture that is cut off or damaged is read as far as it tells something, and the notes say so.

    Raises:
        InvalidInputError: the picture is missing, empty, too large or no picture at all, its infotext is too long, or
            it is cut off or damaged and tells nothing.
    """
    picture = read_bytes(source, needs_pixels=False)
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
    """Look where a text takes more time to find: in the pixels, where they are all there, then beside the picture."""
    from counterprompt.imagefile.stealth import find_stealth_texts

    if not found.is_cut_off:
        whole = picture if picture.is_whole else read_bytes(source)
        hidden = find_stealth_texts(whole, found.width, found.height)
        found.damage += hidden.damage
        yield hidden
    if text := find_text_beside(source):
        beside = Findings()
        beside.texts["txt"], beside.places["txt"] = text, "the text file beside it"
        yield beside


def _read_texts(told: Findings, found: Findings) -> PictureReading:
    """Read what the texts of *told* say; the size and the damage are those of *found*."""
    width, height = (found.height, found.width) if found.is_turned else (found.width, found.height)
    notes = tuple([f"The picture {damage}." for damage in found.damage]) if found.damage else ()
    reading = read_program(EmbeddedTexts(told.texts, width, height)) if told.texts else None
    if reading is None:
        return PictureReading(None, None, NO_PROGRAM, width, height, notes=notes)
    return PictureReading(
        infotext=reading.infotext or None,
        params=reading.params if reading.infotext else None,
        program=reading.program,
        width=width,
        height=height,
        place=_name_place(told, reading.infotext),
        notes=(*notes, *reading.notes),
    )


def _name_place(told: Findings, infotext: str) -> str:
    """Where the infotext stands word for word, else every place that has a text."""
    for keyword, text in told.texts.items():
        if text == infotext:
            return told.places[keyword]
    return ", ".join(dict.fromkeys(told.places[keyword] for keyword in told.texts))
