"""Which study the page shows where none is chosen."""

from __future__ import annotations

import pytest

from counterprompt.webui.study_values import StudyState, StudyStatus
from counterprompt.webui.tab.shown_study import chosen_of


def _studies(*states: StudyState) -> tuple[StudyStatus, ...]:
    return tuple(StudyStatus(str(at), "", state) for at, state in enumerate(states))


@pytest.mark.parametrize(
    ("expected", "states", "chosen"),
    [
        ("2", ("done", "waiting", "running", "paused"), ""),
        ("1", ("done", "waiting", "paused"), "gone"),
        ("0", ("done", "paused"), ""),
        ("3", ("done", "waiting", "running", "paused"), "3"),
    ],
    ids=["running", "waiting", "latest", "chosen"],
)
def test_the_one_that_runs_is_shown_where_none_is_chosen(
    expected: str, states: tuple[StudyState, ...], chosen: str
) -> None:
    """The latest stand first; after the page was loaded anew the running study is shown, not one behind it."""
    shown = chosen_of(_studies(*states), chosen)

    assert shown is not None
    assert expected == shown.id
    assert chosen_of((), chosen) is None
