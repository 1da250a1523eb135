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


def test_prompts_within_noise_are_tied_and_the_measured_best_is_used() -> None:
    """Where the intervals reach zero nothing is decided, yet what was seen counts more than what was advised."""
    found = _rank(_row(0.500), _row(0.501, wobble=-1.0))

    assert not found.is_decided
    assert not found.is_settled
    assert {"embedded", "reverse"} == set(found.tied)
    assert "reverse" == settled_choice(found, "embedded")


def test_between_level_prompts_the_advice_stands() -> None:
    """Pictures that are measured the same leave the choice to the advice."""
    found = _rank(_row(0.5), _row(0.5))

    assert ["embedded", "reverse"] == [settled_choice(found, name) for name in ("embedded", "reverse")]
    assert "embedded" == settled_choice(found, "merge")


def test_more_is_asked_of_a_lead_that_ends_the_drawing() -> None:
    """A lead beyond a 95 % interval is decided; one beyond a 99 % interval needs no more seeds."""
    narrow, wide = _rank(_row(0.500), _row(0.545, wobble=-1.0)), _rank(_row(0.4), _row(0.8, wobble=-1.0))

    assert (True, False) == (narrow.is_decided, narrow.is_settled)
    assert wide.is_settled


def test_the_unit_is_what_seeds_do_to_one_prompt() -> None:
    """A third prompt that is far off changes nothing between the other two."""
    near = _rank(_row(0.50), _row(0.52))
    far = _rank(_row(0.50), _row(0.52), _row(-0.9))

    leads = [next(one.lead for one in found.results if one.variant == EMBEDDED) for found in (near, far)]
    assert leads[0] is not None
    assert leads[1] is not None
    assert pytest.approx(leads[0].mean) == leads[1].mean


def test_an_average_has_an_interval() -> None:
    """The page tells how sure each component's average is."""
    (first, _) = _rank(_row(0.4), _row(0.8)).results
    low, high = first.interval("resemblance")

    assert low < first.mean("resemblance") < high
    assert (0.25, 0.25) == first.interval("fidelity")


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
