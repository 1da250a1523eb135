"""How much of a picture file is ever read, so that no hostile file costs more time or memory than this."""

from __future__ import annotations

MAX_FILE_BYTES = 128 * 1024 * 1024
"""Of one picture file."""
MAX_PIXELS = 80_000_000
"""Width times height."""
MAX_STEALTH_PIXELS = 36_000_000
"""Of a picture whose pixels are decoded only to find a text in them; the largest that image generators upscale to."""
MAX_TEXT_BYTES = 4 * 1024 * 1024
"""Of one embedded text once it is unpacked: four bytes for each character that an infotext may have."""
MAX_TEXTS_BYTES = 2 * MAX_TEXT_BYTES
"""Of all texts of one picture together, those that are left out included."""
MAX_PARTS = 20_000
"""Chunks, segments or boxes of one file; the longest PNG in the usual pieces of 8 KiB has 16,384."""
MAX_EXIF_ENTRIES = 512
"""Entries of one EXIF directory; cameras write about sixty."""
