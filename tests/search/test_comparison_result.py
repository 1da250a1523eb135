"""Ranking of compared prompts."""

from __future__ import annotations

import pytest
from PIL import Image

from counterprompt.search.comparison_result import (
    COMPONENTS,
    GOAL_WEIGHTS,
    ComparedPicture,
    Comparison,
    PromptVariant,
    rank_variants,
    settled_choice,
)

SEEDS = tuple(range(8))
EMBEDDED, REVERSE, MERGE = (PromptVariant(name, name, "") for name in ("embedded", "reverse", "merge"))
WAVE = (0.02, -0.01, 0.03, -0.02, 0.01, -0.03, 0.015, -0.015)


def _row(resemblance: float, *, wobble: float = 1.0, aesthetic: float = 5.0) -> list[ComparedPicture]:
    image = Image.new("RGB", (8, 8))
    return [
        ComparedPicture(seed, image, resemblance + wobble * wave, 0.5, 0.25, aesthetic, 0.9)
        for seed, wave in zip(SEEDS, WAVE)
    ]


def _rank(*rows: list[ComparedPicture], goal: str = "reproduce") -> Comparison:
    return rank_variants((EMBEDDED, REVERSE, MERGE)[: len(rows)], rows, goal=goal, seeds=SEEDS)


def test_the_prompt_whose_pictures_are_most_alike_comes_first() -> None:
    """For a reproduction, resemblance decides, and a clear lead counts as decided."""
    found = _rank(_row(0.4), _row(0.8, wobble=-1.0), _row(0.6))

    assert ["reverse", "merge", "embedded"] == [result.variant.name for result in found.results]
    assert found.is_decided
    assert ("reverse",) == found.tied


def test_the_lead_is_paired_and_has_an_interval() -> None:
    """The leader has no lead over itself; every other prompt is behind by a positive mean within its interval."""
    first, second = _rank(_row(0.4), _row(0.8, wobble=-1.0)).results

    assert first.lead is None
    assert second.lead is not None
    assert 0 < second.lead.low < second.lead.mean < second.lead.high


def test_prompts_within_noise_are_tied_and_the_advice_stands() -> None:
    """Where the intervals reach zero nothing is decided, and an advised prompt among the tied is kept."""
    found = _rank(_row(0.500), _row(0.501, wobble=-1.0))

    assert not found.is_decided
    assert {"embedded", "reverse"} == set(found.tied)
    assert "embedded" == settled_choice(found, "embedded")
    assert "reverse" == settled_choice(found, "reverse")


def test_a_clear_measurement_overrules_the_advice() -> None:
    """What was measured beyond doubt replaces what was advised."""
    assert "reverse" == settled_choice(_rank(_row(0.4), _row(0.8, wobble=-1.0)), "embedded")


def test_quality_counts_when_the_goal_is_to_adapt_but_not_to_reproduce() -> None:
    """The same pictures rank differently for different goals."""
    plain, pretty = _row(0.50), _row(0.499, aesthetic=7.0)

    assert "embedded" == _rank(plain, pretty, goal="reproduce").results[0].variant.name
    assert "reverse" == _rank(plain, pretty, goal="adapt").results[0].variant.name


@pytest.mark.parametrize("goal", GOAL_WEIGHTS)
def test_every_goal_weighs_known_components(goal: str) -> None:
    """A weight of something that no picture has would be a slip of the pen."""
    assert set(GOAL_WEIGHTS[goal]) <= set(COMPONENTS)
    assert sum(GOAL_WEIGHTS[goal].values()) > 0
