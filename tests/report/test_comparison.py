"""The comparison as a page and as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.report.comparison import comparison_answer, render_comparison, verdict_of, write_comparison
from counterprompt.search.comparison_result import ComparedPicture, Comparison, PromptVariant, rank_variants

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = Image.new("RGB", (16, 16), "teal")


def _compared(gap: float, prompt: str = "a house") -> Comparison:
    rows = [
        [
            ComparedPicture(seed, PICTURE, level + 0.01 * (-1) ** (seed + number), 0.5, 0.2, 5.0, 0.9)
            for seed in range(6)
        ]
        for number, level in enumerate((0.5 + gap, 0.5))
    ]
    variants = (PromptVariant("reverse", prompt, "blurry"), PromptVariant("embedded", "a star", ""))
    return rank_variants(variants, rows, goal="reproduce", seeds=tuple(range(6)))


def test_the_answer_tells_what_to_use_and_by_how_much() -> None:
    """A decided comparison overrules the advice, and every prompt's figures are there."""
    answer = comparison_answer(_compared(0.3), "embedded")

    assert ("reverse", "embedded", True) == (answer["use"], answer["advised"], answer["decided"])
    assert ["reverse", "embedded"] == [row["name"] for row in answer["prompts"]]
    assert answer["prompts"][0]["behind_best"] is None
    assert answer["prompts"][1]["behind_best"]["mean"] > 0
    low, high = answer["prompts"][0]["ci95"]["resemblance"]
    assert low < answer["prompts"][0]["means"]["resemblance"] < high
    assert not answer["stopped"]


@pytest.mark.parametrize(("gap", "words"), [(0.3, "it leads the embedded prompt by"), (0.0, "cannot be told apart")])
def test_the_verdict_says_how_sure_it_is(gap: float, words: str) -> None:
    """A lead comes with its interval, a tie is called one."""
    assert words in verdict_of(_compared(gap), "embedded")


def test_a_stopped_comparison_says_so() -> None:
    """What six seeds of 32 tell is told as such."""
    stopped = replace(_compared(0.3), planned=32, is_stopped=True)

    assert "on 6 of 32 seeds, where it was stopped, it leads" in verdict_of(stopped, "embedded")
    assert comparison_answer(stopped, "embedded")["stopped"]


def test_the_page_shows_every_prompt_and_lets_no_script_in() -> None:
    """Prompts come from strangers' pictures."""
    page = render_comparison(_compared(0.3, "<script>alert(1)</script>"), PICTURE, "embedded")

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 13 == page.count("data:image/png;base64,")
    assert "resemblance, mean; 95 %: 0.79 to 0.81" in page


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A folder in the place of the page gives one sentence with the remedy."""
    with pytest.raises(InvalidInputError, match="--page"):
        write_comparison(_compared(0.3), PICTURE, "embedded", tmp_path)


def test_remarks_stand_on_the_page():
    """What is to be known of the tagger is on the page too, as text."""
    page = render_comparison(_compared(0.3), PICTURE, "embedded", ["A small tagger: <trust> it little."])

    assert "A small tagger: &lt;trust&gt; it little." in page
