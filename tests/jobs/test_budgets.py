"""How much a study may take."""

from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.jobs.budgets import MOST_PICTURES_BY_TIME, PRESETS, USUAL_PICTURES, pictures_for
from counterprompt.jobs.mistakes import JobFileError
from counterprompt.jobs.read import read_job_file


@pytest.mark.parametrize(
    ("given", "pictures"),
    [
        ((None, None, None), USUAL_PICTURES),
        ((None, None, 20.0), MOST_PICTURES_BY_TIME),
        ((90, None, 20.0), 90),
        ((None, "quick", None), PRESETS["quick"]),
        ((None, "thorough", 20.0), PRESETS["thorough"]),
    ],
)
def test_the_most_pictures(given: tuple, pictures: int):
    """A budget or a preset counts; minutes alone let pictures be many."""
    assert pictures == pictures_for(*given)


@pytest.mark.parametrize(
    ("given", "message"), [((90, "quick", None), "leave one of them out"), ((None, "slow", None), 'no preset "slow"')]
)
def test_what_contradicts_itself_is_refused(given: tuple, message: str):
    """Two budgets, or a preset that there is not, are named with the remedy."""
    with pytest.raises(InvalidInputError, match=message):
        pictures_for(*given)


def _read(tmp_path: Path, text: str) -> list[tuple[int, float | None]]:
    path = tmp_path / "jobs.yaml"
    path.write_text(text)
    return [(job.budget, job.minutes) for job in read_job_file(path).jobs]


def test_a_job_file_says_presets_and_minutes(tmp_path: Path):
    """A job's own budget or preset replaces the one that all have; minutes go with either."""
    text = (
        "defaults: {preset: quick, minutes: 30}\n"
        "jobs:\n"
        "- {prompt: a}\n"
        "- {prompt: b, budget: 200}\n"
        "- {prompt: c, preset: thorough, minutes: 5.5}\n"
    )

    assert [(120, 30), (200, 30), (600, 5.5)] == _read(tmp_path, text)


def test_mistakes_are_named_with_their_lines(tmp_path: Path):
    """Two budgets in one place, an unknown preset, and minutes that are none."""
    text = (
        "defaults: {budget: 100,\n  preset: quick}\njobs:\n- {prompt: a, preset: fast}\n- {prompt: b, minutes: soon}\n"
    )

    with pytest.raises(JobFileError) as caught:
        _read(tmp_path, text)
    assert [2, 4, 5] == [mistake.line for mistake in caught.value.mistakes]
