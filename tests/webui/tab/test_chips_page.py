"""The chips: each tag once, on its side, and nothing of a tag becomes markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from counterprompt.tags.classes import DiffClass, DiffEntry, PromptDiff
from counterprompt.webui.tab.chips_page import is_asked, render_sides
from counterprompt.webui.tab.words import ENGLISH

if TYPE_CHECKING:
    from tests.webui.tab.conftest import Told


def test_every_tag_is_a_button_on_its_side(told: Told) -> None:
    """What the prompt asks for stands left, what is negated or unasked right, each with its place in the diff."""
    page = render_sides(told.diff, ENGLISH)
    left, right = page.split('data-cp-side="left"')[0], page.split('data-cp-side="left"')[1]

    asked = [number for number, entry in enumerate(told.diff.entries) if is_asked(entry)]
    others = [number for number in range(len(told.diff.entries)) if number not in asked]
    assert sorted(asked) == sorted(map(int, re.findall(r'data-cp-chip="(\d+)"', left)))
    assert sorted(others) == sorted(map(int, re.findall(r'data-cp-chip="(\d+)"', right)))


@pytest.mark.parametrize(
    ("diff_class", "is_negated", "expected"),
    [
        (DiffClass.CONFIRMED, False, True),
        (DiffClass.MISSING, False, True),
        (DiffClass.UNOBSERVABLE, False, True),
        (DiffClass.UNOBSERVABLE, True, False),
        (DiffClass.UNEXPECTED, False, False),
        (DiffClass.LEAKED, True, False),
        (DiffClass.SUPPRESSED, True, False),
    ],
)
def test_asked_is_what_stands_in_the_prompt(diff_class: DiffClass, is_negated: bool, expected: bool) -> None:
    """Of the six classes three belong to the prompt; the unobservable by where it was read."""
    assert expected == is_asked(DiffEntry("cat", diff_class, 1.0, 0.5, is_negated))


def test_a_hostile_tag_stays_text() -> None:
    """Markup in a tag is shown, quotes in it do not end an attribute."""
    evil = '"><img src=x onerror=alert(1)>\u202e'
    page = render_sides(PromptDiff((DiffEntry(evil, DiffClass.LEAKED, 1.0, 0.5, True),)), ENGLISH)

    assert "<img" not in page
    assert "\u202e" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.replace("<!---->", "")


def test_without_entries_a_sentence_stands_there() -> None:
    """An empty diff is said in words."""
    assert "Neither a prompt nor the tagger" in render_sides(PromptDiff(()), ENGLISH)
