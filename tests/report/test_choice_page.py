"""The page that asks, and the contact sheet."""

from pathlib import Path

import pytest
from PIL import Image

from counterprompt.report.choice_page import render_question, render_waiting, write_contact_sheet


def test_the_page_tells_nothing_but_places():
    """Four buttons with four pictures, the words, a form with the key; no script from outside, nothing else."""
    page = render_question("abc", 4, 3, False, "/secret/")

    assert 4 == page.count('<img src="/secret/picture/abc/')
    assert all(f'value="{word}"' in page for word in ("1", "4", "none", "skip", "enough"))
    assert 'value="5"' not in page
    assert "default-src 'none'" in page
    assert "3 more" in page


def test_what_comes_from_elsewhere_is_escaped():
    """A key or an address with signs of HTML stays text."""
    page = render_question('"><script>', 2, 0, True, '/"x/')

    assert "<script>alert" not in page
    assert '"><script>"' not in page
    assert "best candidate" in page
    assert "<b>" not in render_waiting("<b>", None)


@pytest.mark.parametrize(
    ("count", "size"), [(1, (64, 64)), (2, (64, 48)), (4, (64, 64)), (4, (800, 600)), (3, (30, 90))]
)
def test_the_contact_sheet_holds_every_picture(tmp_path: Path, count: int, size: tuple[int, int]):
    """Each picture's own colour is on it, whole, beside the others."""
    colours = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0)][:count]
    path = tmp_path / "sheet.png"

    write_contact_sheet([Image.new("RGB", size, colour) for colour in colours], path)
    with Image.open(path) as sheet:
        seen = {colour: amount for amount, colour in sheet.convert("RGB").getcolors(1 << 24)}

    areas = {seen[colour] for colour in colours}
    assert 1 == len(areas)
    assert areas.pop() >= size[0] * size[1] or max(size) > 384
