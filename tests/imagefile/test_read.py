"""Reading whole pictures."""

import io
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.read import open_picture, read_pasted_text, read_picture

Maker = Callable[..., bytes]


@pytest.mark.parametrize("zip", [False, True])
@pytest.mark.parametrize("extra", ["", " 猫"])
def test_png_text_is_read(make_png: Maker, infotext: str, zip: bool, extra: str) -> None:
    """Plain, compressed and UTF-8 text chunks are read."""
    reading = read_picture(make_png({"parameters": infotext + extra}, zip=zip))

    assert (infotext + extra, "AUTOMATIC1111", 4, 3) == (
        reading.infotext,
        reading.program,
        reading.width,
        reading.height,
    )
    assert reading.params is not None
    assert ("a cat", "blurry", 20) == (reading.params.prompt, reading.params.negative_prompt, reading.params.steps)


def test_png_text_behind_the_pixels_is_read(make_png: Maker, infotext: str) -> None:
    """Text chunks that follow the pixels count as well."""
    text = b"parameters\0" + infotext.encode()
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    png = make_png()

    assert infotext == read_picture(png[:-12] + chunk + png[-12:]).infotext


@pytest.mark.parametrize("image_format", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
def test_exif_is_read(make_jpeg: Maker, infotext: str, image_format: str, encoding: str) -> None:
    """The UserComment of every format that has EXIF is read."""
    picture = make_jpeg(b"UNICODE\0" + infotext.encode(encoding), image_format)

    assert infotext == read_picture(picture).infotext


@pytest.mark.parametrize("image_format", ["JPEG", "GIF"])
def test_comment_segments_are_read(make_jpeg: Maker, infotext: str, image_format: str) -> None:
    """A JPEG's or GIF's comment is read where there is nothing else."""
    assert infotext == read_picture(make_jpeg(None, image_format, comment=infotext.encode())).infotext


def test_exif_hides_the_comment_segment(make_jpeg: Maker, infotext: str) -> None:
    """A JPEG that has both says what its EXIF says, as in the WebUI: an editor's "made with" is no prompt."""
    assert infotext == read_picture(make_jpeg(infotext.encode(), comment=b"made with love")).infotext
    assert read_picture(make_jpeg(b"", comment=b"made with love")).infotext is None


@pytest.mark.parametrize("comment", [b"ASCII\0\0\0" + b" " * 9, b"ASCII\0\0\0" + bytes(9), bytes(20)])
def test_blank_comments_of_cameras_say_nothing(make_jpeg: Maker, comment: bytes) -> None:
    """A UserComment of spaces or zeros is as good as none."""
    assert (None, "none") == (read_picture(make_jpeg(comment)).infotext, read_picture(make_jpeg(comment)).program)


@pytest.mark.parametrize("image_format", ["JPEG", "WEBP", "PNG", "GIF", "BMP"])
def test_nothing_embedded_is_none(make_jpeg: Maker, image_format: str) -> None:
    """A picture without any text is legal and says so."""
    reading = read_picture(make_jpeg(None, image_format))

    assert (None, None, "none") == (reading.infotext, reading.params, reading.program)


def test_other_programs_do_not_crash(make_png: Maker) -> None:
    """A ComfyUI picture has no infotext but a program."""
    reading = read_picture(make_png({"prompt": '{"3": {"inputs": {"cfg": NaN}}}', "workflow": "{"}))

    assert (None, "ComfyUI") == (reading.infotext, reading.program)


def test_novelai_pictures_are_put_into_the_webuis_words(make_png: Maker) -> None:
    """NovelAI's own texts give an infotext."""
    comment = json.dumps({"sampler": "k_euler", "uc": "blurry", "steps": 28, "scale": 11, "seed": 5})
    reading = read_picture(make_png({"Software": "NovelAI", "Description": "a cat", "Comment": comment}))

    assert reading.program == "NovelAI"
    assert reading.params is not None
    assert ("a cat", "Euler", 4) == (reading.params.prompt, reading.params.sampler_name, reading.params.width)


def test_pasted_texts_are_read(infotext: str) -> None:
    """A text without a picture says the same as in one, and blank text nothing."""
    reading = read_pasted_text(infotext)

    assert (infotext, "AUTOMATIC1111", "the pasted text", 0) == (
        reading.infotext,
        reading.program,
        reading.place,
        reading.width,
    )
    assert (None, "none") == (read_pasted_text(" \n").infotext, read_pasted_text("").program)


def test_the_name_does_not_count(make_jpeg: Maker, infotext: str, tmp_path: Path) -> None:
    """A JPEG that is called PNG is read as what it is."""
    path = tmp_path / "a.png"
    path.write_bytes(make_jpeg(infotext.encode()))

    assert infotext == read_picture(path).infotext


@pytest.mark.parametrize(
    "content", [b"just text", b"\x89PNG", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF"]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    """A text that is called PNG, and bare signatures, are named as no or broken pictures."""
    path = tmp_path / "lying.png"
    path.write_bytes(content)

    with pytest.raises(InvalidInputError, match=r"lying\.png"):
        read_picture(path)


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_pictures_that_are_cut_off_are_refused(make_jpeg: Maker, image_format: str) -> None:
    """Half a picture is no picture."""
    content = make_jpeg(None, image_format, size=(64, 64))

    with pytest.raises(InvalidInputError):
        read_picture(content[: len(content) // 2])


@pytest.mark.parametrize("side", [10_000, 20_000, 2_000_000])
def test_decompression_bombs_are_refused(make_png: Maker, side: int) -> None:
    """A tiny file that claims a huge picture is refused before a pixel is decoded."""
    png = make_png()
    header = struct.pack(">II", side, side) + png[24:29]
    bomb = png[:16] + header + struct.pack(">I", zlib.crc32(b"IHDR" + header)) + png[33:]

    with pytest.raises(InvalidInputError, match="pixels"):
        read_picture(bomb)


def test_text_bombs_are_refused(make_png: Maker) -> None:
    """A compressed text chunk of megabytes, and a plain one over the infotext's limit, are refused."""
    with pytest.raises(InvalidInputError):
        read_picture(make_png({"parameters": "a" * 3_000_000}, zip=True))
    with pytest.raises(InvalidInputError, match="characters"):
        read_picture(make_png({"parameters": "a" * 1_000_001}))


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF"]), st.data())
def test_damaged_pictures_are_read_or_refused(make_jpeg: Maker, image_format: str, data: st.DataObject) -> None:
    """Random damage gives a reading or our own error, never any other."""
    content = bytearray(make_jpeg(None if image_format == "GIF" else b"UNICODE\0\0a\0b", image_format))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    try:
        read_picture(bytes(content))
        open_picture(bytes(content))
    except InvalidInputError:
        pass


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "LA", "RGBA", "I;16"])
def test_every_mode_opens_as_rgb(mode: str) -> None:
    """Grey, palette, alpha and 16-bit pictures open in mode RGB with the same brightness."""
    file = io.BytesIO()
    is_deep = mode == "I;16"
    grey = Image.new("L", (4, 3), 255)
    (Image.new(mode, (4, 3), 65535) if is_deep else grey.convert(mode)).save(file, "PNG")

    image = open_picture(file.getvalue())

    assert ("RGB", (255, 255, 255)) == (image.mode, image.getpixel((0, 0)))


@pytest.mark.parametrize(("alpha", "colour"), [(0, (255, 255, 255)), (255, (9, 8, 7)), (254, (9, 8, 7))])
def test_transparent_parts_are_white(alpha: int, colour: tuple[int, int, int]) -> None:
    """What cannot be seen is white; the almost opaque alpha of stealth infotext changes no colour."""
    file = io.BytesIO()
    Image.new("RGBA", (2, 2), (9, 8, 7, alpha)).save(file, "PNG")

    assert colour == open_picture(file.getvalue()).getpixel((0, 0))


def test_pictures_are_turned_upright(make_jpeg: Maker) -> None:
    """The EXIF orientation is obeyed, in the picture and in the size that is told."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = make_jpeg(exif=exif.tobytes())

    assert open_picture(picture).size == (3, 4)
    assert (3, 4) == (read_picture(picture).width, read_picture(picture).height)
