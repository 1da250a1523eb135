"""Writes an infotext into a picture file; pixels and everything else in the file stay as they are."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile import avif_items, gif_blocks, jpeg_segments, png_chunks, webp_chunks
from counterprompt.imagefile.decode import decode_picture
from counterprompt.imagefile.exif_directory import EXIF_HEADER, EXIF_IFD
from counterprompt.imagefile.read import read_picture
from counterprompt.imagefile.source import PictureBytes, read_bytes
from counterprompt.imagefile.user_comment import USER_COMMENT, encode_user_comment
from counterprompt.imagefile.walk import tell_container, walk_container

if TYPE_CHECKING:
    from collections.abc import Mapping

INFOTEXT_KEYWORD = "parameters"


def write_infotext(path: Path, infotext: str) -> None:
    """Embed *infotext* in the PNG, JPEG, WebP, AVIF or GIF at *path*, in the place of what was there.

    The new file takes the old one's place in one step, and only after the infotext was read back from it.

    Raises:
        InvalidInputError: *infotext* is empty or does not fit, or the picture is missing, broken or of another format.
    """
    if not infotext.strip():
        raise InvalidInputError("The infotext to write is empty; give the text that the picture is to carry.")
    picture = read_bytes(path)
    content = _embed(picture, infotext)
    reading = read_picture(content)
    if reading.infotext != infotext:
        texts = walk_container(PictureBytes(str(path), content)).texts
        raise InvalidInputError(_say_why(path, reading.program, texts, infotext))
    _replace_file(path, content)


def _say_why(path: Path, program: str, texts: Mapping[str, str], infotext: str) -> str:
    if infotext in texts.values():
        return f"{path} holds texts of {program}, which are read before any infotext; write into a copy without them."
    return f"{path} cannot carry this infotext unchanged; remove what is not plain text from it."


def _embed(picture: PictureBytes, infotext: str) -> bytes:
    container = tell_container(picture.content)
    try:
        if container == "AVIF":  # which not every Pillow can decode
            exif = walk_container(picture).exif
            return avif_items.replace_avif_exif(picture.content, _build_exif(exif, infotext))
        image = decode_picture(picture)
        if container == "PNG":
            return png_chunks.replace_png_text(picture.content, INFOTEXT_KEYWORD, infotext)
        if container == "JPEG":
            return jpeg_segments.replace_jpeg_exif(picture.content, _build_exif(image.info.get("exif"), infotext))
        if container == "WebP":
            return webp_chunks.replace_webp_exif(picture.content, _build_exif(image.info.get("exif"), infotext))
        if container == "GIF":
            return gif_blocks.replace_gif_comment(picture.content, infotext)
    except ValueError as error:
        raise InvalidInputError(
            f"The infotext does not fit into {picture.name}: {error}; shorten it or use a PNG."
        ) from error
    raise InvalidInputError(
        f"{picture.name} is neither PNG, JPEG, WebP, AVIF nor GIF; infotext is written into these only. "
        "Save it as a PNG."
    )


def _build_exif(old_exif: object, infotext: str) -> bytes:
    """Build the EXIF block with a new UserComment; the other tags are kept where Pillow can read and write them."""
    if isinstance(old_exif, bytes):
        with suppress(Exception), warnings.catch_warnings():  # Pillow raises a dozen kinds on a broken block
            warnings.simplefilter("ignore")
            exif = Image.Exif()
            exif.load(old_exif)
            return _render_exif(exif, infotext)
    return _render_exif(Image.Exif(), infotext)


def _render_exif(exif: Image.Exif, infotext: str) -> bytes:
    kept = exif.get_ifd(EXIF_IFD) or {}  # Pillow 9 gives None for a broken directory
    exif[EXIF_IFD] = {**kept, USER_COMMENT: encode_user_comment(infotext)}
    block = exif.tobytes()
    return block if block.startswith(EXIF_HEADER) else EXIF_HEADER + block


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
