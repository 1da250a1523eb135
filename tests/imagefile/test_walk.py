"""Telling containers and finding their texts."""

import io
import json
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, features

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.read import read_picture
from counterprompt.imagefile.source import PictureBytes
from counterprompt.imagefile.walk import tell_container, walk_container

Maker = Callable[..., bytes]
HAS_AVIF = bool(features.check("avif")) if "avif" in features.features | features.modules else False
needs_avif = pytest.mark.skipif(not HAS_AVIF, reason="this Pillow writes no AVIF")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">a cat</x:xmpmeta>'


def _texts(content: bytes) -> dict[str, str]:
    return walk_container(PictureBytes("it", content)).texts


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WebP", "GIF", "BMP", pytest.param("AVIF", marks=needs_avif)])
def test_containers_are_told_and_sized(make_jpeg: Maker, name: str) -> None:
    """Every container is known by its content, and its size is read without its pixels."""
    content = make_jpeg(None, name.upper(), size=(15, 9))
    found = walk_container(PictureBytes("it", content))

    assert (name, 15, 9, []) == (tell_container(content), found.width, found.height, found.damage)


@pytest.mark.parametrize("settings", [{"lossless": True}, {"lossless": True, "mode": "RGBA"}, {"xmp": XMP}])
def test_every_kind_of_webp_tells_its_size(make_jpeg: Maker, settings: dict[str, object]) -> None:
    """Lossy, lossless and extended WebP tell the size in three ways."""
    found = walk_container(PictureBytes("it", make_jpeg(None, "WEBP", size=(300, 70), **settings)))

    assert (300, 70) == (found.width, found.height)


@pytest.mark.parametrize(
    "chunk",
    [
        _chunk(b"tEXt", b"parameters\0a cat"),
        _chunk(b"zTXt", b"parameters\0\0" + zlib.compress(b"a cat")),
        _chunk(b"iTXt", b"parameters\0\0\0de\0Parameter\0a cat"),
        _chunk(b"iTXt", b"parameters\0\1\0de\0\0" + zlib.compress(b"a cat")),
    ],
)
@pytest.mark.parametrize("at", [33, -12])
def test_every_png_text_is_found(make_png: Maker, chunk: bytes, at: int) -> None:
    """Plain, compressed, international and both, before the pixels and behind them."""
    png = make_png()

    assert {"parameters": "a cat"} == _texts(png[:at] + chunk + png[at:])


def test_imagemagicks_exif_is_found(make_png: Maker, make_jpeg: Maker, infotext: str) -> None:
    """EXIF that ImageMagick put into a PNG text as hexadecimal digits is read as EXIF."""
    exif = Image.open(io.BytesIO(make_jpeg(b"UNICODE\0" + infotext.encode("utf-16-be")))).info["exif"]
    text = f"\nexif\n{len(exif):8}\n" + "\n".join(exif.hex()[at : at + 72] for at in range(0, len(exif.hex()), 72))

    assert {"UserComment": infotext} == _texts(make_png({"Raw profile type exif": text}, zip=True))


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", pytest.param("AVIF", marks=needs_avif)])
def test_exif_texts_are_found(image_format: str) -> None:
    """The UserComment and the four texts of the first directory come under their own names."""
    exif = Image.Exif()
    for tag, text in ((0x010E, "drawn"), (0x010F, "workflow:{}"), (0x0110, "prompt:{}"), (0x0131, "Program 1")):
        exif[tag] = text
    exif[0x8769] = {0x9286: b"ASCII\0\0\0a cat"}
    file = io.BytesIO()
    Image.new("RGB", (9, 5)).save(file, image_format, exif=exif.tobytes())

    assert {
        "UserComment": "a cat",
        "ImageDescription": "drawn",
        "Make": "workflow:{}",
        "Model": "prompt:{}",
        "Software": "Program 1",
    } == _texts(file.getvalue())


def test_fooocus_exif_is_found() -> None:
    """Fooocus keeps comment and scheme in the first directory, as plain text."""
    exif = Image.Exif()
    exif[0x9286], exif[0x0131], exif[0x927C] = '{"prompt": "a cat"}', "Fooocus v2.5", "fooocus"
    file = io.BytesIO()
    Image.new("RGB", (9, 5)).save(file, "JPEG", exif=exif.tobytes())

    assert {
        "UserComment": '{"prompt": "a cat"}',
        "Software": "Fooocus v2.5",
        "fooocus_scheme": "fooocus",
    } == _texts(file.getvalue())


@pytest.mark.parametrize("image_format", ["JPEG", "WEBP", pytest.param("AVIF", marks=needs_avif)])
def test_xmp_is_found(image_format: str) -> None:
    """The XMP packet comes as it stands in the file."""
    if image_format == "JPEG":
        segment = b"http://ns.adobe.com/xap/1.0/\0" + XMP
        file = io.BytesIO()
        Image.new("RGB", (9, 5)).save(file, "JPEG")
        content = file.getvalue()[:2] + struct.pack(">HH", 0xFFE1, len(segment) + 2) + segment + file.getvalue()[2:]
    else:
        file = io.BytesIO()
        Image.new("RGB", (9, 5)).save(file, image_format, xmp=XMP)
        content = file.getvalue()

    assert {"xmp": XMP.decode()} == _texts(content)


def test_png_xmp_is_found(make_png: Maker) -> None:
    """XMP of a PNG comes under the same name as everywhere."""
    assert {"xmp": XMP.decode()} == _texts(make_png({"XML:com.adobe.xmp": XMP.decode()}))


def test_comments_are_joined(make_jpeg: Maker) -> None:
    """A GIF may have several comments."""
    gif = make_jpeg(None, "GIF", comment=b"a" * 300)
    at = gif.index(b"\x21\xfe")

    assert {"comment": "b\n" + "a" * 300} == _texts(gif[:at] + b"\x21\xfe\x01b\0" + gif[at:])


def test_a_comment_with_steps_counts_beside_exif(make_jpeg: Maker, infotext: str) -> None:
    """EXIF hides a JPEG's comment, but not one that is an infotext."""
    assert "comment" in _texts(make_jpeg(b"", comment=infotext.encode()))
    assert "comment" not in _texts(make_jpeg(b"", comment=b"made with love"))


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "GIF", pytest.param("AVIF", marks=needs_avif)])
def test_cut_off_pictures_still_tell(make_png: Maker, make_jpeg: Maker, infotext: str, image_format: str) -> None:
    """A picture that lost its end, but not its texts, is read, and the notes say that it is cut off."""
    makers = {
        "PNG": lambda: make_png({"parameters": infotext}, size=(64, 64)),
        "GIF": lambda: make_jpeg(None, "GIF", comment=infotext.encode(), size=(64, 64)),
        "WEBP": lambda: _with_exif_first(make_jpeg(infotext.encode(), "WEBP", size=(64, 64))),
        "AVIF": lambda: make_jpeg(infotext.encode(), "AVIF", size=(64, 64)),
        "JPEG": lambda: make_jpeg(infotext.encode(), size=(64, 64)),
    }
    content = makers[image_format]()

    assert (infotext, ()) == (read_picture(content).infotext, read_picture(content).notes)
    reading = read_picture(content[:-20])
    assert (infotext, ("The picture is cut off.",)) == (reading.infotext, reading.notes)


def _with_exif_first(webp: bytes) -> bytes:
    at = webp.index(b"EXIF")
    return webp[:30] + webp[at:] + webp[30:at]


def test_a_damaged_text_is_noted(make_png: Maker, infotext: str) -> None:
    """A text whose checksum is wrong is read, and the notes say so."""
    reading = read_picture(make_png({"parameters": infotext}).replace(b"a cat", b"a hat"))

    assert reading.params is not None
    assert ("a hat", ("The picture has a damaged tEXt chunk: its checksum is wrong.",)) == (
        reading.params.prompt,
        reading.notes,
    )


def test_places_are_named(make_png: Maker, make_jpeg: Maker, infotext: str) -> None:
    """The reading says where its text stands."""
    graph = json.dumps({"1": {"class_type": "A", "inputs": {}}})

    assert 'the PNG text "parameters"' == read_picture(make_png({"Title": "x", "parameters": infotext})).place
    assert "the EXIF UserComment" == read_picture(make_jpeg(infotext.encode())).place
    assert (
        'the PNG text "prompt", the PNG text "workflow"'
        == read_picture(make_png({"prompt": graph, "workflow": "{}"})).place
    )
    assert "" == read_picture(make_png()).place


@needs_avif
def test_avif_turns_as_its_box_says(make_jpeg: Maker) -> None:
    """Pillow turns an EXIF orientation into AVIF's own box, and that one counts."""
    exif = Image.Exif()
    exif[0x0112] = 6
    reading = read_picture(make_jpeg(None, "AVIF", exif=exif.tobytes(), size=(15, 9)))

    assert (9, 15) == (reading.width, reading.height)


def test_xmp_turns_where_exif_is_silent(make_png: Maker) -> None:
    """The orientation in XMP counts as it does in Pillow."""
    reading = read_picture(make_png({"XML:com.adobe.xmp": '<rdf tiff:Orientation="8"/>'}))

    assert (3, 4) == (reading.width, reading.height)


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xd9", b"GIF89a", b"BM123", b"\x89PNG\r\n\x1a\n"])
def test_pictures_without_a_size_are_refused(content: bytes) -> None:
    """A file that is nothing but a beginning is broken."""
    with pytest.raises(InvalidInputError, match="size"):
        walk_container(PictureBytes("it", content))
