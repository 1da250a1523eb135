"""Segments of a JPEG."""

from collections.abc import Callable

import pytest

from counterprompt.imagefile.jpeg_segments import replace_jpeg_exif

Maker = Callable[..., bytes]
EXIF = b"Exif\0\0new"


def test_all_other_bytes_stay(make_jpeg: Maker) -> None:
    """Only the EXIF segment changes: replacing it is the same as having had none."""
    plain, tagged = make_jpeg(comment=b"hello"), make_jpeg(b"old", comment=b"hello")

    assert replace_jpeg_exif(plain, EXIF) == replace_jpeg_exif(tagged, EXIF)
    assert plain == replace_jpeg_exif(plain, EXIF).replace(b"\xff\xe1\x00\x0b" + EXIF, b"")


def test_the_segment_has_a_limit(make_jpeg: Maker) -> None:
    """A segment holds 65533 bytes, one more is refused."""
    assert b"Exif" in replace_jpeg_exif(make_jpeg(), EXIF.ljust(65_533, b"x"))

    with pytest.raises(ValueError, match="65534"):
        replace_jpeg_exif(make_jpeg(), EXIF.ljust(65_534, b"x"))


@pytest.mark.parametrize(
    "content", [b"\xff\xd8", b"\xff\xd8\xff\xe0\x00\x04ab", b"\xff\xd8junk", b"\xff\xd8" + b"\xff" * 9]
)
def test_cut_off_files_are_refused(content: bytes) -> None:
    """Nothing is written into half a JPEG."""
    with pytest.raises(ValueError, match="cut off"):
        replace_jpeg_exif(content, EXIF)
