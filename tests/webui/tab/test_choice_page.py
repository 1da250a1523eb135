"""Which picture is best, asked on the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.webui.study_person import OpenQuestion
from counterprompt.webui.tab.choice_page import read_answer, render_choice
from counterprompt.webui.tab.words import ENGLISH

FOUR = OpenQuestion("3f0c2a9b1d7e", ("a.png", "b.png", "c.png", "d.png"), 5, is_proof=False)


def _page(folder: Path, question: OpenQuestion) -> str:
    for name in question.pictures:
        Image.new("RGB", (64, 64)).save(folder / name)
    return render_choice(question, folder, ENGLISH)


def test_every_picture_is_a_button_that_tells_nothing_but_its_place(tmp_path: Path) -> None:
    """Four pictures with numbered descriptions, three words beside them, and no file name anywhere."""
    page = _page(tmp_path, FOUR)

    assert 7 == page.count("data-cp-answer=")
    assert all(f'alt="Picture {at}"' in page for at in (1, 2, 3, 4))
    assert "a.png" not in page
    assert "at most 5 more in this round" in page


def test_the_proof_says_what_is_compared(tmp_path: Path) -> None:
    """Two pictures: the user's own settings and the best candidate, in an order by chance; that it is the last one."""
    page = _page(tmp_path, OpenQuestion("k", ("a.png", "b.png"), 0, is_proof=True))

    assert "One is your own settings, one the best candidate." in page
    assert 2 == page.count("<img")
    assert "this is the last question of this round" in page


def test_an_answer_comes_back_with_its_key() -> None:
    """As our script sends it."""
    assert ("k", "2") == read_answer('{"key": "k", "answer": "2"}')


@pytest.mark.parametrize("told", ["", "[]", "{", '{"key": "k"}', None, '"k"'])
def test_what_no_page_would_send_is_refused(told: object) -> None:
    """Anything can come from a browser."""
    with pytest.raises(InvalidInputError):
        read_answer(told)
