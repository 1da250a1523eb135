"""The EXIF UserComment, in which JPEG, WebP and AVIF carry the infotext."""

from __future__ import annotations

from counterprompt.imagefile.exif_directory import find_exif_values

USER_COMMENT = 0x9286
_PREFIX_BYTES = 8
_UNDEFINED_PREFIX = b"\x00" * _PREFIX_BYTES
_UNICODE_PREFIX = b"UNICODE\x00"
_TEXT_ENCODINGS = {b"ASCII\x00\x00\x00": "utf-8", b"JIS\x00\x00\x00\x00\x00": "shift_jis", _UNDEFINED_PREFIX: "utf-8"}


def find_user_comment(exif: bytes) -> bytes:
    """Find the UserComment, prefix included, in an EXIF block; empty where there is none or the block is broken."""
    return find_exif_values(exif, frozenset((USER_COMMENT,))).get(USER_COMMENT, b"")


def decode_user_comment(comment: bytes) -> str:
    """Decode a UserComment by its eight-byte prefix (EXIF 2.32, table 9).

    "UNICODE" is UTF-16 with the high byte first, as the WebUI writes it through piexif; files from elsewhere hold the
    other order or plain UTF-8 behind the same prefix, which the zero bytes of Latin letters tell apart. A comment
    without a known prefix is read as UTF-8. Some programs write the prefix in small letters, and Latin-1 as "ASCII".
    """
    prefix, body = comment[:_PREFIX_BYTES].upper(), comment[_PREFIX_BYTES:]
    if prefix == _UNICODE_PREFIX:
        text = _decode_unicode(body)
    elif prefix in _TEXT_ENCODINGS:
        text = _decode_text(body, _TEXT_ENCODINGS[prefix])
    else:
        text = comment.decode("utf-8", errors="ignore")
    return text.rstrip("\x00")


def encode_user_comment(text: str) -> bytes:
    """Encode *text* as the WebUI does: "UNICODE" and UTF-16 with the high byte first."""
    return _UNICODE_PREFIX + text.encode("utf-16-be", errors="replace")


def _decode_unicode(body: bytes) -> str:
    text = body.decode("utf-16-be", errors="replace")
    if text.isascii():  # which bytes in another order or encoding never give
        return text
    return body.decode(_find_unicode_encoding(body), errors="replace").removeprefix("\ufeff")


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


def _decode_text(body: bytes, encoding: str) -> str:
    if encoding == "utf-8" and not _is_utf8(body):
        return body.decode("latin-1")
    return body.decode(encoding, errors="replace")
