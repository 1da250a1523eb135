"""Replaces the comment of a GIF without touching its frames (GIF89a specification, sections 23 to 26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.imagefile.gif_texts import HEADER_BYTES, count_table_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_OLD_SIGNATURE, _SIGNATURE = b"GIF87a", b"GIF89a"
_EXTENSION = 0x21
_COMMENT, _FRAME_SETTINGS, _PLAIN_TEXT = 0xFE, 0xF9, 0x01
_OF_A_FRAME = (_FRAME_SETTINGS, _PLAIN_TEXT)
"""Extensions that belong to the frame behind them."""
_LONGEST_BLOCK = 255


def replace_gif_comment(content: bytes, text: str) -> bytes:
    """Put *text* in UTF-8, as the WebUI does, in the place of the first comment before the frames; others there go.

    Without one it stands before the first frame and its settings. All other blocks stay byte for byte; a GIF of 1987,
    which had no comments, becomes one of 1989.

    Raises:
        ValueError: *content* is cut off before its first frame.
    """
    start = HEADER_BYTES + count_table_bytes(content[10])
    blocks = list(_walk_extensions(content, start))
    end = start + sum(len(block) for _, block in blocks)
    place = next((at for at, (label, _) in enumerate(blocks) if label == _COMMENT), None)
    if place is None:
        place = next((at for at, (label, _) in enumerate(blocks) if label in _OF_A_FRAME), len(blocks))
    before, after = blocks[:place], [block for block in blocks[place:] if block[0] != _COMMENT]
    header = (_SIGNATURE if content.startswith(_OLD_SIGNATURE) else content[:6]) + content[6:start]
    written = [*(block for _, block in before), _build_comment(text), *(block for _, block in after)]
    return header + b"".join(written) + content[end:]


def _walk_extensions(content: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Label and all bytes of each extension before the first frame."""
    while content[offset : offset + 1] == bytes((_EXTENSION,)):
        start, offset = offset, offset + 2
        while offset < len(content) and content[offset]:
            offset += content[offset] + 1
        offset += 1
        if offset > len(content):
            break
        yield content[start + 1], content[start:offset]
    if offset >= len(content):
        raise ValueError("the GIF is cut off before its pixels")


def _build_comment(text: str) -> bytes:
    body = text.encode("utf-8", errors="replace")
    blocks = (body[at : at + _LONGEST_BLOCK] for at in range(0, len(body), _LONGEST_BLOCK))
    return bytes((_EXTENSION, _COMMENT)) + b"".join(bytes((len(block),)) + block for block in blocks) + b"\x00"
