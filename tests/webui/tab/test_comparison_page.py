"""The comparison of prompts as HTML."""

from __future__ import annotations

from PIL import Image

from counterprompt.search.comparison_result import ComparedPicture, PromptVariant, rank_variants
from counterprompt.webui.tab.comparison_desk import ComparisonStatus
from counterprompt.webui.tab.comparison_page import render_comparison
from counterprompt.webui.tab.words import ENGLISH


def _status(levels: tuple[float, float]) -> ComparisonStatus:
    variants = [PromptVariant(name, f"{name} <b>", "") for name in ("embedded", "reverse")]
    image = Image.new("RGB", (64, 64))
    rows = [
        [ComparedPicture(seed, image, level, level + seed / 1000, 0.2, 5.0, 0.9) for seed in range(8)]
        for level in levels
    ]
    found = rank_variants(variants, rows, goal="reproduce", seeds=tuple(range(8)), planned=8)
    return ComparisonStatus("done", 16, 16, advised="embedded", found=found)


def test_a_clear_lead_is_told_with_its_interval() -> None:
    """The best prompt is named with its lead, and each has its first pictures."""
    page = render_comparison(_status((0.9, 0.4)), ENGLISH)

    assert "Use this: Embedded prompt. On 8 seeds it leads the next by" in page
    assert 8 == page.count("<img")


def test_a_tie_is_told_as_one() -> None:
    """Where they cannot be told apart both are named, and the advice stands."""
    page = render_comparison(_status((0.5, 0.5)), ENGLISH)

    assert "cannot be told apart beyond doubt: Embedded prompt, Reverse tags." in page


def test_a_running_one_shows_how_far_it_is() -> None:
    """Pictures so far, and a sign for our script to look again soon."""
    page = render_comparison(ComparisonStatus("running", 4, 12), ENGLISH)

    assert "4 of at most 12 pictures" in page
    assert 'data-cp-busy="1"' in page
