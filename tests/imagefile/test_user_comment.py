"""The EXIF UserComment."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from counterprompt.imagefile.user_comment import decode_user_comment, encode_user_comment, find_user_comment

TEXT = "a cat, 猫\nSteps: 20"


@pytest.mark.parametrize(
    "comment",
    [
        b"UNICODE\0" + TEXT.encode("utf-16-be"),
        b"UNICODE\0" + TEXT.encode("utf-16-le"),
        b"UNICODE\0" + TEXT.encode("utf-16"),
        b"UNICODE\0\xfe\xff" + TEXT.encode("utf-16-be"),
        b"UNICODE\0" + TEXT.encode(),
        b"ASCII\0\0\0" + TEXT.encode(),
        b"JIS\0\0\0\0\0" + TEXT.encode("shift_jis"),
        bytes(8) + TEXT.encode(),
        TEXT.encode(),
        TEXT.encode() + b"\0\0",
        b"UNICODE\0" + TEXT.encode("utf-16-be") + b"\0\0",
    ],
)
def test_every_encoding_is_told(comment: bytes) -> None:
    """The prefix, and what follows it, tells how the text is encoded."""
    assert TEXT == decode_user_comment(comment)


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-8"])
def test_latin_letters_are_told_by_their_zeros(encoding: str) -> None:
    """A text of nothing but Latin letters is read in either order of its bytes, and in UTF-8."""
    assert "a cat" == decode_user_comment(b"UNICODE\0" + "a cat".encode(encoding))


@pytest.mark.parametrize("comment", [b"", b"UNICODE\0", b"UNICODE\0a", b"UNICODE\0\xd8\0", b"\xff\xfe\xfa"])
def test_broken_comments_do_not_crash(comment: bytes) -> None:
    """Whatever the bytes are, a text that can be written comes out."""
    decode_user_comment(comment).encode()


def test_encoding_is_the_webuis() -> None:
    """What is written carries the prefix and byte order of the WebUI, and is read back."""
    comment = encode_user_comment(TEXT)

    assert comment == b"UNICODE\0" + TEXT.encode("utf-16-be")
    assert TEXT == decode_user_comment(comment)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("comment", [b"abc", b"UNICODE\0abcd"])
@pytest.mark.parametrize("header", [b"", b"Exif\0\0"])
def test_the_comment_is_found(order: str, comment: bytes, header: bytes) -> None:
    """Both byte orders, short values inside the entry, with and without header."""
    mark = b"II" if order == "<" else b"MM"
    value = comment.ljust(4, b"\0") if len(comment) <= 4 else struct.pack(order + "I", 44)
    block = mark + struct.pack(order + "HIHHHIIIH", 42, 8, 1, 0x8769, 4, 1, 26, 0, 1)
    block += struct.pack(order + "HHI", 0x9286, 7, len(comment)) + value + struct.pack(order + "I", 0)

    assert comment == find_user_comment(header + block.ljust(44, b"\0") + comment)


@settings(max_examples=200, deadline=None, database=None)
@given(st.binary(max_size=80), st.integers(0, 60))
def test_broken_blocks_give_nothing(noise: bytes, cut: int) -> None:
    """A damaged EXIF block never raises."""
    exif = Image.Exif()
    exif[0x8769] = {0x9286: b"UNICODE\0abcdefgh"}
    block = exif.tobytes()

    for broken in (noise, block[:cut], block[:cut] + noise, b"MM\0*" + noise, b"II*\0\x08\0\0\0" + noise):
        assert isinstance(find_user_comment(broken), bytes)
