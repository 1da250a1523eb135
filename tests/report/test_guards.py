"""Guards in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.report.guards import MEANINGS, guard_breakers, guard_rows
from counterprompt.search.guard_limits import SIGNAL_SLACKS
from counterprompt.search.outcome import NOT_VERIFIED

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.search.outcome import Outcome

    Ended = Callable[..., Outcome]


def test_broken_guards_come_first_and_say_what_it_means(ended: Ended) -> None:
    """Every guard is there once, in words."""
    outcome = ended("blurry")
    broken = replace(outcome, held_out=replace(outcome.held_out, broken_guards=("saturation",)))

    rows = guard_rows(broken)

    assert ("saturation", True, "Colours are far stronger than in yours.") == (
        rows[0].name,
        rows[0].is_broken,
        rows[0].text,
    )
    assert {"fidelity", *SIGNAL_SLACKS} == {row.name for row in rows}
    assert [True] + [False] * (len(rows) - 1) == [row.is_broken for row in rows]


def test_where_nothing_was_verified_nothing_is_said(ended: Ended) -> None:
    """No pictures, no statement; no candidates, none that broke a guard."""
    assert () == guard_rows(replace(ended(""), held_out=NOT_VERIFIED))
    assert 0 == guard_breakers(ended(""))


def test_every_guard_has_its_words() -> None:
    """The table knows all guards of the objective."""
    assert {"fidelity", *SIGNAL_SLACKS} == set(MEANINGS)
