"""How long a study has run."""

from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.search.study_clock import PACE_FILE, StudyClock


def test_runs_add_up(tmp_path: Path):
    """The time of all runs counts, not the pauses between them; what was settled stays."""
    now = [100.0]
    first = StudyClock(tmp_path, lambda: now[0])
    now[0] += 30
    first.settle(fitted=200)
    now[0] += 1000
    second = StudyClock(tmp_path, lambda: now[0])
    now[0] += 12

    assert (42, 200, None) == (second.seconds, second.settled("fitted"), second.settled("total"))


def test_the_time_is_noted_now_and_then(tmp_path: Path):
    """A killed program loses about a second, and the disk is not written to with every trial."""
    now = [0.0]
    clock = StudyClock(tmp_path, lambda: now[0])
    now[0] = 0.5
    clock.note()
    assert not (tmp_path / PACE_FILE).exists()
    now[0] = 1.5
    clock.note()

    assert 1.5 == StudyClock(tmp_path, lambda: now[0]).seconds


def test_a_damaged_note_is_named(tmp_path: Path):
    """A file that cannot be read is refused with its remedy."""
    (tmp_path / PACE_FILE).write_text("no JSON")

    with pytest.raises(InvalidInputError, match="delete it"):
        StudyClock(tmp_path)
