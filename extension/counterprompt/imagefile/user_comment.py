"""The EXIF UserComment, in which JPEG, WebP and AVIF carry the infotext."""

from __future__ import annotations

import struct

EXIF_IFD = 0x8769
USER_COMMENT = 0x9286
EXIF_HEADER = b"Exif\x00\x00"
_PREFIX_BYTES = 8
_ENTRY_BYTES = 12
_UNDEFINED_PREFIX = b"\x00" * _PREFIX_BYTES
_UNICODE_PREFIX = b"UNICODE\x00"
_TEXT_ENCODINGS = {b"ASCII\x00\x00\x00": "utf-8", b"JIS\x00\x00\x00\x00\x00": "shift_jis", _UNDEFINED_PREFIX: "utf-8"}


def find_user_comment(exif: bytes) -> bytes:
    """Find the UserComment, prefix included, in an EXIF block; empty where there is none or the block is broken."""
    tiff = exif[len(EXIF_HEADER) :] if exif.startswith(EXIF_HEADER) else exif
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return b""
    try:
        first_ifd = struct.unpack_from(order + "I", tiff, 4)[0]
        pointer = _find_entry(tiff, order, first_ifd, EXIF_IFD)
        if pointer is None:
            return b""
        entry = _find_entry(tiff, order, struct.unpack_from(order + "I", tiff, pointer + 8)[0], USER_COMMENT)
        return b"" if entry is None else _read_entry(tiff, order, entry)
    except struct.error:
        return b""


def decode_user_comment(comment: bytes) -> str:
    """Decode a UserComment by its eight-byte prefix (EXIF 2.32, table 9).

    "UNICODE" is UTF-16 with the high byte first, as the WebUI writes it through piexif; files from elsewhere hold the
    other order or plain UTF-8 behind the same prefix, which the zero bytes of Latin letters tell apart. A comment
    without a known prefix is read as UTF-8.
    """
    prefix, body = comment[:_PREFIX_BYTES], comment[_PREFIX_BYTES:]
    if prefix == _UNICODE_PREFIX:
        text = body.decode(_find_unicode_encoding(body), errors="replace").removeprefix("\ufeff")
    elif prefix in _TEXT_ENCODINGS:
        text = body.decode(_TEXT_ENCODINGS[prefix], errors="replace")
    else:
        text = comment.decode("utf-8", errors="ignore")
    return text.rstrip("\x00")


def encode_user_comment(text: str) -> bytes:
    """Encode *text* as the WebUI does: "UNICODE" and UTF-16 with the high byte first."""
    return _UNICODE_PREFIX + text.encode("utf-16-be", errors="replace")


def _find_unicode_encoding(body: bytes) -> str:
    high_first, low_first = body[0::2].count(0), body[1::2].count(0)
    if body.startswith(b"\xff\xfe") or low_first > high_first:
        return "utf-16-le"
    if high_first == 0 and not body.startswith(b"\xfe\xff") and _is_utf8(body):
        return "utf-8"
    return "utf-16-be"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _find_entry(tiff: bytes, order: str, ifd: int, tag: int) -> int | None:
    """Offset of the 12-byte entry of *tag* in the directory at *ifd*."""
    count = struct.unpack_from(order + "H", tiff, ifd)[0]
    for offset in range(ifd + 2, ifd + 2 + count * _ENTRY_BYTES, _ENTRY_BYTES):
        if struct.unpack_from(order + "H", tiff, offset)[0] == tag:
            return offset
    return None


def _read_entry(tiff: bytes, order: str, entry: int) -> bytes:
    """Bytes of an entry of a one-byte type; up to four of them stand in the entry itself."""
    count, offset = struct.unpack_from(order + "II", tiff, entry + 4)
    start = entry + 8 if count <= 4 else offset
    return tiff[start : start + count]
