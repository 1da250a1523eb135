"""The Exif item of AVIFs (ISO/IEC 14496-12, 8.11), in files of every layout."""

import io
import random

import pytest
from PIL import Image

from counterprompt.imagefile.avif_items import replace_avif_exif
from counterprompt.imagefile.boxes import find_box, read_item_places
from counterprompt.imagefile.exif_directory import EXIF_HEADER
from counterprompt.imagefile.source import PictureBytes
from counterprompt.imagefile.walk import walk_container

EXIF = EXIF_HEADER + b"II*\x00\x08\x00\x00\x00\x00\x00 a new comment of some length"
PIXELS, OLD_EXIF = b"pixels of the picture", b"\x00\x00\x00\x00II*\x00old"
HAS_AVIF = ".avif" in Image.registered_extensions()
GRID = b"a grid in idat"


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def _short(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(2, "big") for number in numbers)


def _long(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def _places(version: int, pixels: int, exif: int | None, has_base: bool) -> bytes:
    """An "iloc" of a version: pixels in two pieces, a grid in idat (version 1 and 2), an old Exif item or none."""
    wide = _long if version == 2 else _short
    method = (lambda number: _short(number)) if version else (lambda number: b"")
    base = pixels if has_base else 0
    start = [_long(base)] if has_base else []
    entries = [
        b"".join([wide(1), method(0), _short(0), *start, _short(2), _long(pixels - base, 6, pixels + 6 - base, 15)])
    ]
    if version:
        entries.append(
            b"".join([wide(2), method(1), _short(0), *([_long(0)] * has_base), _short(1), _long(0, len(GRID))])
        )
    if exif is not None:
        offset = exif - base
        entries.append(b"".join([wide(3), method(0), _short(0), *start, _short(1), _long(offset, len(OLD_EXIF))]))
    return _box(b"iloc", bytes((version, 0, 0, 0, 0x44, 0x40 * has_base)), wide(len(entries)), *entries)


def _avif(
    version: int = 0, has_exif: bool = False, has_base: bool = False, mdat_first: bool = False, is_endless: bool = False
) -> bytes:
    """A file whose picture is 16 x 12; its media data come before or behind what says where they are."""
    kinds = {1: b"av01", 2: b"grid", **({3: b"Exif"} if has_exif else {})}
    infos = [_box(b"infe", b"\x02\x00\x00\x00", _short(number, 0), kind, b"\x00") for number, kind in kinds.items()]
    size = _box(b"iprp", _box(b"ipco", _box(b"ispe", bytes(4), _long(16, 12))))
    media = _box(b"mdat", PIXELS, OLD_EXIF if has_exif else b"")
    head = _box(b"ftyp", b"avif\x00\x00\x00\x00avifmif1")

    def build(pixels: int) -> bytes:
        places = _places(version, pixels, pixels + len(PIXELS) if has_exif else None, has_base)
        references = [_box(b"iref", bytes(4), _box(b"cdsc", _short(3, 1, 1)))] if has_exif else []
        primary = _box(b"pitm", bytes(4), _short(1))
        infos_box = _box(b"iinf", bytes(4), _short(len(kinds)), *infos)
        return _box(b"meta", bytes(4), primary, places, infos_box, *references, size, _box(b"idat", GRID))

    if mdat_first:
        return head + media + build(len(head) + 8)
    meta = build(len(head) + len(build(0)) + 8)
    return head + meta + (bytes(4) + media[4:] if is_endless else media)


LAYOUTS = [
    _avif(),
    _avif(has_exif=True),
    _avif(1, has_exif=True),
    _avif(1, has_base=True),
    _avif(2, has_exif=True, has_base=True),
    _avif(0, mdat_first=True),
    _avif(1, has_exif=True, mdat_first=True),
    _avif(1, is_endless=True),
]


def _item(content: bytes, number: int) -> bytes:
    """The bytes of an item, read by the rules of "iloc" alone."""
    meta = find_box(content, 0, len(content), b"meta")
    assert meta is not None
    places, idat = find_box(content, *meta, b"iloc"), find_box(content, *meta, b"idat")
    assert places is not None
    assert idat is not None
    extents = read_item_places(content, *places).extents[number]
    starts = [extent.start + (idat[0] if extent.is_in_idat else 0) for extent in extents]
    return b"".join(content[start : start + extent.size] for start, extent in zip(starts, extents))


@pytest.mark.parametrize("content", LAYOUTS)
def test_the_new_exif_is_found_and_the_pixels_where_they_are_said_to_be(content: bytes) -> None:
    """In every layout the block is read back, items keep their bytes, and the old block is gone."""
    written = replace_avif_exif(content, EXIF)

    found = walk_container(PictureBytes("a.avif", written))
    assert (EXIF[6:], 16, 12, []) == (found.exif, found.width, found.height, found.damage)
    assert PIXELS == _item(written, 1)
    assert b"II*\x00old" not in written
    if _has_grid(content):
        assert GRID == _item(written, 2)


def _has_grid(content: bytes) -> bool:
    return content[content.index(b"iloc") + 4] > 0


def test_the_media_stay_byte_for_byte() -> None:
    """What was there is there, in order; only the boxes that say where changed, and one box came behind."""
    content = _avif()
    written = replace_avif_exif(content, EXIF)

    assert content[: content.index(b"meta") - 4] == written[: content.index(b"meta") - 4]
    assert _box(b"mdat", PIXELS) in written
    assert written.endswith(_box(b"mdat", b"\x00\x00\x00\x06", EXIF))


def test_writing_again_does_not_grow_the_file() -> None:
    """The box that a former writing left behind gives way to the new one."""
    once = replace_avif_exif(_avif(1), EXIF)

    assert once == replace_avif_exif(once, EXIF)
    assert len(once) - 5 == len(replace_avif_exif(once, EXIF[:-5]))


@pytest.mark.skipif(not HAS_AVIF, reason="this Pillow has no AVIF")
@pytest.mark.parametrize("settings", [{}, {"xmp": b"<x/>", "exif": EXIF}])
def test_pillow_sees_the_same_picture(settings: dict[str, bytes]) -> None:
    """A decoder of others finds the same pixels, also the transparent ones, the XMP packet and the new block."""
    file = io.BytesIO()
    gradient = Image.linear_gradient("L").resize((24, 16))
    Image.merge("RGBA", (gradient, gradient, gradient, gradient)).save(file, "AVIF", **settings)  # type: ignore[arg-type]

    before, after = Image.open(file), Image.open(io.BytesIO(replace_avif_exif(file.getvalue(), EXIF)))

    assert before.tobytes() == after.tobytes()
    assert (EXIF, settings.get("xmp")) == (after.info["exif"], after.info.get("xmp"))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (_avif()[:-3], "cut off"),
        (b"", "cut off"),
        (_avif() + _box(b"moov"), "sequence"),
        (_avif().replace(b"pitm", b"xxxx"), "names no picture"),
        (_avif(1).replace(_short(2, 1, 0, 1), _short(2, 2, 0, 1)), "not understood"),
        (_avif(1).replace(_short(2, 1, 0, 1), _short(2, 1, 7, 1)), "not understood"),
    ],
)
def test_what_is_not_understood_is_refused(content: bytes, complaint: str) -> None:
    """Sequences, items in other files and items inside items are left alone."""
    with pytest.raises(ValueError, match=complaint):
        replace_avif_exif(content, EXIF)


def test_damaged_files_are_refused_or_written_whole() -> None:
    """Two thousand damaged files raise nothing but ValueError, and where one is written, its block is found."""
    dice = random.Random(3)
    for _ in range(2000):
        content = bytearray(dice.choice(LAYOUTS))
        for _ in range(dice.randint(1, 3)):
            content[dice.randrange(len(content))] = dice.choice((0, 1, 2, 127, 255))
        try:
            written = replace_avif_exif(bytes(content), EXIF)
        except ValueError:
            continue
        assert EXIF in written
