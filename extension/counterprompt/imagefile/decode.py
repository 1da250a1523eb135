"""Decodes a picture with Pillow, within bounds; whatever goes wrong inside becomes one plain sentence."""

from __future__ import annotations

import io
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.bounds import MAX_PIXELS

if TYPE_CHECKING:
    from counterprompt.imagefile.source import PictureBytes

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP")
_OPAQUE = 254  # stealth infotext hides its bits in alpha values of 254 and 255
_SIXTEEN_TO_EIGHT_BITS = 1 / 257


def decode_picture(picture: PictureBytes) -> Image.Image:
    """Decode the first frame as it is stored, in the file's own mode, with its `info`.

    Raises:
        InvalidInputError: it is no picture of a known format, is broken or cut off, or has more than MAX_PIXELS.
    """
    image = _open(picture)
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise InvalidInputError(
            f"{picture.name} has {width}x{height} pixels, more than the {MAX_PIXELS} that are read; scale it down."
        )
    try:
        image.load()  # also reads the text chunks behind the pixels
    except Exception as error:  # Pillow raises a dozen kinds on hostile input
        raise InvalidInputError(f"{picture.name} is broken or cut off ({error}); save or download it again.") from error
    return image


def turn_upright(image: Image.Image) -> Image.Image:
    """Turn the picture as its EXIF orientation asks; a broken EXIF block turns nothing."""
    with suppress(Exception), warnings.catch_warnings():  # Pillow raises a dozen kinds on hostile input
        warnings.simplefilter("ignore")
        return ImageOps.exif_transpose(image)
    return image


def to_rgb(image: Image.Image) -> Image.Image:
    """Return the picture in mode RGB: transparent parts on white, 16 bits scaled to 8."""
    if image.mode.startswith("I"):
        image = _to_eight_bits(image)
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    alpha = layered.getchannel("A")
    if not any(alpha.histogram()[:_OPAQUE]):
        return layered.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(layered, mask=alpha)
    return white


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Scale grey of 16 bits to 8; the level that stands for transparent is lost among its neighbours, so it is kept."""
    grey = image.point(lambda value: value * _SIXTEEN_TO_EIGHT_BITS).convert("L")
    level = grey.info.pop("transparency", None)
    if isinstance(level, int):
        import numpy as np

        is_seen = np.asarray(image) != level
        grey.putalpha(Image.fromarray(is_seen.astype(np.uint8) * np.uint8(255)))
    return grey


def _open(picture: PictureBytes) -> Image.Image:
    Image.init()
    formats = [name for name in _FORMATS if name in Image.OPEN]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit follows; Pillow only warns
            return Image.open(io.BytesIO(picture.content), formats=formats)
    except UnidentifiedImageError as error:
        raise InvalidInputError(
            f"{picture.name} is not a picture, whatever its name says; give a PNG, JPEG, WebP or GIF."
        ) from error
    except Image.DecompressionBombError as error:
        raise InvalidInputError(
            f"{picture.name} has more than the {MAX_PIXELS} pixels that are read; scale it down."
        ) from error
    except Exception as error:  # Pillow raises a dozen kinds on hostile input
        raise InvalidInputError(f"{picture.name} is broken ({error}); save or download it again.") from error
