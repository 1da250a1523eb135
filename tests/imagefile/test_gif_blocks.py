"""Comments of GIFs (GIF89a specification)."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageSequence

from counterprompt.imagefile.gif_blocks import replace_gif_comment

Maker = Callable[..., bytes]
COMMENT = b"\x21\xfe\x03old\x00"
NETSCAPE = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
NEW = "ein Hund, 猫, " * 40


def _animation() -> bytes:
    """Three frames that loop, with their times."""
    frames = [Image.new("P", (3, 2), shade) for shade in (1, 2, 3)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=[50, 60, 70], loop=0)
    return file.getvalue()


def _frames(content: bytes) -> list[tuple[bytes, object]]:
    with Image.open(io.BytesIO(content)) as image:
        return [
            (frame.convert("RGBA").tobytes(), frame.info.get("duration")) for frame in ImageSequence.Iterator(image)
        ]


def test_pillow_and_so_the_webui_read_the_comment() -> None:
    """A text of several blocks is the "comment" that the WebUI reads; frames and their times are the same."""
    before = _animation()

    after = replace_gif_comment(before, NEW)

    assert NEW.encode() == Image.open(io.BytesIO(after)).info["comment"]
    assert _frames(before) == _frames(after)


def test_a_new_comment_stands_before_the_first_frames_settings() -> None:
    """Nothing but the comment is added, and the application block that makes it loop stays first."""
    before = _animation()
    after = replace_gif_comment(before, "abc")
    place = after.index(b"\x21\xfe\x03abc\x00")

    assert before == after[:place] + after[place + 7 :]
    assert after[place + 7 :].startswith(b"\x21\xf9")
    assert place > before.index(b"NETSCAPE")


def test_comments_before_the_frames_give_way_and_those_behind_stay(make_jpeg: Maker) -> None:
    """The new comment takes the first one's place; every other block keeps its bytes and its order."""
    gif = b"GIF89a" + make_jpeg(None, "GIF")[6:]
    start = gif.index(b"\x2c", 13 + 3 * 2 ** ((gif[10] & 7) + 1))
    head, frame = gif[:start], gif[start:-1]

    after = replace_gif_comment(head + COMMENT + NETSCAPE + COMMENT + frame + COMMENT + b"\x3b", "abc")

    assert head + b"\x21\xfe\x03abc\x00" + NETSCAPE + frame + COMMENT + b"\x3b" == after


def test_the_version_of_1987_had_no_comments(make_jpeg: Maker) -> None:
    """Only its signature changes with the comment."""
    gif = b"GIF87a" + make_jpeg(None, "GIF")[6:]

    after = replace_gif_comment(gif, "abc")

    assert b"GIF89a" + gif[6:] == after.replace(b"\x21\xfe\x03abc\x00", b"")


@pytest.mark.parametrize("size", [13, 20, -40])
def test_what_is_cut_off_is_refused(size: int, make_jpeg: Maker) -> None:
    """A GIF that ends before its first frame takes no comment."""
    gif = make_jpeg(None, "GIF")
    start = gif.index(b"\x2c", 13 + 3 * 2 ** ((gif[10] & 7) + 1))

    with pytest.raises(ValueError, match="cut off"):
        replace_gif_comment((gif[:start] + COMMENT * 10)[: size if size > 0 else start + 30], "abc")
