"""The page that asks which picture is best, and the contact sheet that asks the same in a terminal."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING

from counterprompt.report.document import read_asset, render_document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

_GAP = 12
_CELL = 384
_NUMBER = 26
"""Pixels: between pictures, their longest edge, and the height of the number above each."""


def render_question(
    key: str, pictures: int, left: int, is_proof: bool, address: str, *, are_small: bool = False
) -> str:
    """Render the question *key* of so many *pictures* as a whole page; *left* more follow, at most.

    *are_small* says that the pictures' pixels are to be seen.

    Pictures are at `picture/KEY/PLACE` below *address*, answers go to `answer` there. Nothing on the page tells one
    picture from another but its place.
    """
    kind = ' class="pixel"' if are_small else ""
    base = escape(f"{address}picture/{key}/")
    cells = "".join(
        f'<button name="answer" value="{at}"><img{kind} src="{base}{at}" alt="Picture {at}"><span>{at}</span></button>'
        for at in range(1, pictures + 1)
    )
    lead = "One is your own settings, one the best candidate. " if is_proof else ""
    more = f"{left} more at most." if left else "The last one."
    body = (
        f'<h1>Which is best?</h1><p class="lead">{lead}All have the same seed. Click it or press its number. {more}</p>'
        f'<form method="post" action="{escape(address)}answer"><input type="hidden" name="key" value="{escape(key)}">'
        f'<div class="choice">{cells}</div><p class="choicewords">'
        '<button name="answer" value="none">None is better (N)</button><button name="answer" value="skip">Skip (S)'
        '</button><button name="answer" value="enough">Enough, ask no more</button></p></form>'
    )
    return _page("which is best", body)


def render_waiting(text: str, seconds: int | None) -> str:
    """Render a page that says *text* (plain) and, with *seconds*, looks again after so many."""
    body = f'<h1>{escape(text)}</h1><p class="lead">{"This page looks again by itself." if seconds else ""}</p>'
    return _page("choose", body, f'<meta http-equiv="refresh" content="{seconds}">' if seconds else "")


def _page(title: str, body: str, head: str = "") -> str:
    script = read_asset("choice.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "form-action 'self'; base-uri 'none'"
    )
    return render_document(title, f"{head}<main>{body}</main><script>{script}</script>", policy)


def write_contact_sheet(pictures: Sequence[Image.Image], path: Path) -> None:
    """Write *pictures* (RGB, at least one) side by side, numbered from 1, as a PNG to *path*.

    Raises:
        OSError: it cannot be written.
    """
    from PIL import Image, ImageDraw

    cells = [_cell(picture) for picture in pictures]
    columns = 2 if len(cells) > 3 else len(cells)
    width, height = max(cell.width for cell in cells), max(cell.height for cell in cells) + _NUMBER
    rows = -(-len(cells) // columns)
    sheet = Image.new("RGB", (_GAP + columns * (width + _GAP), _GAP + rows * (height + _GAP)), "white")
    draw = ImageDraw.Draw(sheet)
    for at, cell in enumerate(cells):
        left, top = _GAP + at % columns * (width + _GAP), _GAP + at // columns * (height + _GAP)
        draw.text((left + 4, top + 6), str(at + 1), fill="black")
        sheet.paste(cell, (left, top + _NUMBER))
    sheet.save(path, "PNG")


def _cell(picture: Image.Image) -> Image.Image:
    """Scale *picture* to the size of a cell; a small one by a whole number, so that its pixels stay square."""
    if max(picture.size) * 2 <= _CELL:
        factor = _CELL // max(picture.size)
        return picture.resize((picture.width * factor, picture.height * factor), resample=0)
    small = picture.copy()
    small.thumbnail((_CELL, _CELL))
    return small
