"""Unpacks deflated texts within bounds, however much they claim to hold."""

from __future__ import annotations

import zlib

ZLIB = zlib.MAX_WBITS
GZIP = zlib.MAX_WBITS | 16


def inflate(packed: bytes, most: int, window: int = ZLIB) -> bytes:
    """Unpack *packed* (zlib's format, RFC 1950, or gzip's, RFC 1952), which may hold at most *most* bytes.

    Raises:
        ValueError: it is broken, cut off, or holds more.
    """
    stream = zlib.decompressobj(window)
    try:
        unpacked = stream.decompress(packed, most + 1)
    except zlib.error as error:
        raise ValueError(f"it cannot be unpacked ({error})") from error
    if len(unpacked) > most:
        raise ValueError(f"it unpacks to more than {most} bytes")
    if not stream.eof:
        raise ValueError("it is cut off")
    return unpacked
