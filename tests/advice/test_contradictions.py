"""Where the picture shows another colour."""

import pytest

from counterprompt.advice.contradictions import find_contradictions
from counterprompt.tags.classes import DiffClass, DiffEntry, PromptDiff


def _diff(asked: str, shown: str, weight: float = 1.0) -> PromptDiff:
    return PromptDiff(
        (
            DiffEntry(asked, DiffClass.MISSING, weight, 0.0),
            DiffEntry(shown, DiffClass.UNEXPECTED, 1.0, 0.8),
        )
    )


@pytest.mark.parametrize(
    ("asked", "shown", "words"),
    [
        ("blue", "red", ("blue", "red")),
        ("blue_eyes", "red eyes", ("blue", "red")),
        ("White Background", "black background", ("white", "black")),
    ],
)
def test_one_colour_instead_of_another(asked: str, shown: str, words: tuple[str, str]):
    """All other words are the same."""
    (found,) = find_contradictions(_diff(asked, shown))

    assert words == found.words


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("blue eyes", "red hair"), ("long hair", "short hair"), ("blue", "red eyes"), ("hat", "tree"), ("blue", "blue")],
)
def test_other_differences_are_none(asked: str, shown: str):
    """Another thing may be of another colour."""
    assert () == find_contradictions(_diff(asked, shown))


def test_what_is_pushed_away_is_not_asked_for():
    """An emphasis of 0 or less asks for nothing."""
    assert () == find_contradictions(_diff("blue", "red", -1.0))
