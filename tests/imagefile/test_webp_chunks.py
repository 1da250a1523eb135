"""Chunks of a WebP."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from counterprompt.imagefile.webp_chunks import replace_webp_exif
from counterprompt.imagefile.webp_texts import walk_webp

Maker = Callable[..., bytes]
EXIF = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"


def _chunks(content: bytes) -> dict[bytes, bytes]:
    return {kind: content[start:end] for kind, start, end in walk_webp(content)}


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("xmp", [b"", b"<xmp/>"])
def test_all_other_chunks_stay(make_jpeg: Maker, lossless: bool, mode: str, xmp: bytes) -> None:
    """Pixels, transparency and XMP are the same bytes before and after, and EXIF stands before XMP as it must."""
    settings = {"xmp": xmp} if xmp else {}
    before = make_jpeg(None, "WEBP", mode=mode, lossless=lossless, size=(15, 9), **settings)

    after = replace_webp_exif(before + b"trailing", EXIF)

    kept = {kind: body for kind, body in _chunks(before).items() if kind != b"VP8X"}
    assert kept == {kind: body for kind, body in _chunks(after).items() if kind not in (b"VP8X", b"EXIF")}
    assert [b"VP8X", *kept][: 1 + len(kept) - bool(xmp)] == list(_chunks(after))[: 1 + len(kept) - bool(xmp)]
    assert ([b"EXIF", b"XMP "] if xmp else [b"EXIF"]) == list(_chunks(after))[len(kept) + 1 - bool(xmp) :]
    assert after.endswith(b"trailing")


@pytest.mark.parametrize("colour", [(1, 2, 3), (1, 2, 3, 99)])
@pytest.mark.parametrize("lossless", [False, True])
def test_pillow_writes_the_same_header(colour: tuple[int, ...], lossless: bool) -> None:
    """A simple file becomes what Pillow would have written with that EXIF, transparency included."""
    image = Image.new("RGB" if len(colour) == 3 else "RGBA", (15, 9), colour)
    files = [io.BytesIO(), io.BytesIO()]
    image.save(files[0], "WEBP", lossless=lossless)
    image.save(files[1], "WEBP", lossless=lossless, exif=EXIF)

    after = replace_webp_exif(files[0].getvalue(), EXIF)

    assert _chunks(files[1].getvalue())[b"VP8X"] == _chunks(after)[b"VP8X"]
    assert image.mode == Image.open(io.BytesIO(after)).mode


def test_old_exif_goes(make_jpeg: Maker) -> None:
    """Every EXIF chunk gives way to the new one."""
    old = make_jpeg(b"old", "WEBP")

    assert replace_webp_exif(old, EXIF).count(b"EXIF") == 1
    assert EXIF[6:] == _chunks(replace_webp_exif(old, EXIF))[b"EXIF"]


@pytest.mark.parametrize("cut", [12, 30, -2])
def test_cut_off_files_are_refused(make_jpeg: Maker, cut: int) -> None:
    """Nothing is written into half a WebP."""
    with pytest.raises(ValueError, match="cut off"):
        replace_webp_exif(make_jpeg(None, "WEBP")[:cut], EXIF)
