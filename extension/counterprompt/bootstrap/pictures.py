"""What opens and reads a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from counterprompt.imagefile.read import PictureReading


def read_picture(source: Path | bytes) -> PictureReading:
    """Read the generation parameters of a picture file or its bytes.

    Raises:
        InvalidInputError: there is no such file, or it is no picture we can read.
    """
    from counterprompt.imagefile.read import read_picture as read

    return read(source)


def read_pasted_text(text: str) -> PictureReading:
    """Read generation parameters from *text*.

    Raises:
        InvalidInputError: it is too long.
    """
    from counterprompt.imagefile.read import read_pasted_text as read

    return read(text)


def open_picture(source: Path | bytes) -> Image.Image:
    """Open a picture file or its bytes as RGB, within the size caps.

    Raises:
        InvalidInputError: there is no such file, or it is broken or too large.
    """
    from counterprompt.imagefile.read import open_picture as open_

    return open_(source)
