"""What a walk through a picture file finds."""

from __future__ import annotations

from counterprompt.imagefile.bounds import MAX_TEXT_BYTES, MAX_TEXTS_BYTES
from counterprompt.imagefile.inflate import ZLIB, inflate


class Findings:
    """The texts of one picture file and what a walk noticed; each container's walker fills it.

    Texts that are too long or broken are left out with a remark; nothing here raises.
    """

    def __init__(self) -> None:
        self.width = 0
        """Pixels, as stored; 0 until the walk came by it."""
        self.height = 0
        """Pixels, as stored."""
        self.texts: dict[str, str] = {}
        """Keyword, as in `EmbeddedTexts`, to text."""
        self.places: dict[str, str] = {}
        """Keyword to the place of its text, in words."""
        self.exif = b""
        """The EXIF block, with or without its "Exif" header; empty where there is none."""
        self.is_turned: bool | None = None
        """Whether the picture is to be shown a quarter turn from how it is stored; None where EXIF is to be asked."""
        self.is_cut_off = False
        """Whether the file ends too early, or has more parts than are walked through."""
        self.damage: list[str] = []
        """What is broken or too long, a clause each with the picture as its subject."""
        self._bytes_left = MAX_TEXTS_BYTES

    def add_text(self, keyword: str, place: str, body: bytes, encoding: str = "utf-8") -> None:
        """Keep *body* under *keyword*; of several texts with one keyword the last counts, as in Pillow."""
        most = min(MAX_TEXT_BYTES, self._bytes_left)
        self._bytes_left -= min(len(body), most)
        if len(body) > most:
            self.damage.append(f"has a text in {place} that is left out: {len(body)} bytes are too long")
            return
        self.place_text(keyword, place, body.decode(encoding, errors="replace"))

    def place_text(self, keyword: str, place: str, text: str) -> None:
        """Keep a text that is decoded already and known to be short enough."""
        self.texts[keyword] = text
        self.places[keyword] = place

    def add_packed_text(
        self, keyword: str, place: str, packed: bytes, encoding: str = "utf-8", window: int = ZLIB
    ) -> None:
        """Unpack *packed* and keep the text under *keyword*."""
        most = min(MAX_TEXT_BYTES, self._bytes_left)
        try:
            body = inflate(packed, most, window)
        except ValueError as error:
            self._bytes_left -= most  # it may have cost as much
            self.damage.append(f"has a text in {place} that is left out: {error}")
        else:
            self.add_text(keyword, place, body, encoding)
