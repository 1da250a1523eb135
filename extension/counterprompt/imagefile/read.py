"""Reads a picture: what is embedded in it, and its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.imagefile.decode import decode_picture, to_rgb, turn_upright
from counterprompt.imagefile.novelai import is_novelai, render_novelai
from counterprompt.imagefile.programs import detect_program
from counterprompt.imagefile.source import read_bytes
from counterprompt.imagefile.user_comment import decode_user_comment, find_user_comment
from counterprompt.infotext.parse import parse_infotext

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

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
    """Pixels, as shown upright."""
    height: int
    """Pixels, as shown upright."""


def read_picture(source: Path | bytes) -> PictureReading:
    """Read the embedded generation parameters as the WebUI's PNG Info finds them, from a file or its bytes.

    The name's ending counts for nothing, the content does.

    Raises:
        InvalidInputError: the picture is missing, empty, broken, cut off, too large, no picture at all, or its
            infotext is too long.
    """
    image = decode_picture(read_bytes(source))
    texts = {str(key): str(value) for key, value in image.info.items() if isinstance(value, str)}
    infotext = _find_infotext(image, texts)
    params = None if infotext is None else parse_infotext(infotext)
    width, height = turn_upright(image).size
    return PictureReading(infotext, params, detect_program(texts, params), width, height)


def open_picture(source: Path | bytes) -> Image.Image:
    """Open a picture upright in mode RGB, transparent parts on white.

    Raises:
        InvalidInputError: the picture is missing, empty, broken, cut off, too large or no picture at all.
    """
    return to_rgb(turn_upright(decode_picture(read_bytes(source))))


def _find_infotext(image: Image.Image, texts: dict[str, str]) -> str | None:
    """Look in the WebUI's places (1.10.1, modules/images.py); white space alone, as cameras write, says nothing."""
    novelai = render_novelai(texts, image.size) if is_novelai(texts) else None
    text = novelai or texts.get("parameters") or _read_comment(image)
    return text if text.strip() else None


def _read_comment(image: Image.Image) -> str:
    """The EXIF UserComment, or in a picture without EXIF the comment of a JPEG or GIF."""
    exif = image.info.get("exif")
    if isinstance(exif, bytes):
        return decode_user_comment(find_user_comment(exif))
    comment = image.info.get("comment", "")
    return comment.decode("utf-8", errors="ignore") if isinstance(comment, bytes) else str(comment)
