"""Writes an infotext into a picture file; pixels and everything else in the file stay as they are."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile import jpeg_segments, png_chunks
from counterprompt.imagefile.decode import decode_picture
from counterprompt.imagefile.read import read_picture
from counterprompt.imagefile.source import PictureBytes, read_bytes
from counterprompt.imagefile.user_comment import EXIF_IFD, USER_COMMENT, encode_user_comment

INFOTEXT_KEYWORD = "parameters"


def write_infotext(path: Path, infotext: str) -> None:
    """Embed *infotext* in the PNG or JPEG at *path*, in the place of what was there.

    The new file takes the old one's place in one step, and only after the infotext was read back from it.

    Raises:
        InvalidInputError: *infotext* is empty or does not fit, or the picture is missing, broken or of another format.
    """
    if not infotext:
        raise InvalidInputError("The infotext to write is empty; give the text that the picture is to carry.")
    picture = read_bytes(path)
    content = _embed(picture, infotext)
    if read_picture(content).infotext != infotext:
        raise InvalidInputError(f"{path} cannot carry this infotext unchanged; remove what is not plain text from it.")
    _replace_file(path, content)


def _embed(picture: PictureBytes, infotext: str) -> bytes:
    image = decode_picture(picture)
    try:
        if picture.content.startswith(png_chunks.SIGNATURE):
            return png_chunks.replace_png_text(picture.content, INFOTEXT_KEYWORD, infotext)
        if picture.content.startswith(jpeg_segments.SIGNATURE):
            return jpeg_segments.replace_jpeg_exif(picture.content, _build_exif(image.info.get("exif"), infotext))
    except ValueError as error:
        raise InvalidInputError(
            f"The infotext does not fit into {picture.name}: {error}; shorten it or use a PNG."
        ) from error
    raise InvalidInputError(f"{picture.name} is neither PNG nor JPEG; infotext is written into these two only.")


def _build_exif(old_exif: object, infotext: str) -> bytes:
    """The EXIF block with a new UserComment; its other tags are kept where they can be read."""
    exif = Image.Exif()
    if isinstance(old_exif, bytes):
        try:
            exif.load(old_exif)
        except Exception:  # Pillow raises a dozen kinds on a broken block, of which nothing can be kept
            exif = Image.Exif()
    exif[EXIF_IFD] = {**exif.get_ifd(EXIF_IFD), USER_COMMENT: encode_user_comment(infotext)}
    block = exif.tobytes()
    return block if block.startswith(b"Exif\x00\x00") else b"Exif\x00\x00" + block


def _replace_file(path: Path, content: bytes) -> None:
    target = path.resolve()  # a link stays a link
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, temporary)
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise InvalidInputError(f"{path} cannot be written ({error}); check the folder's permissions.") from error
