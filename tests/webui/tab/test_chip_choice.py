"""Prompts from moved chips: only what moved changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.chip_choice import ChosenPrompts, parse_moved, prompts_with_moves, without_tag

if TYPE_CHECKING:
    from tests.webui.tab.conftest import Told


def _places(told: Told, *tags: str) -> tuple[int, ...]:
    return tuple(next(n for n, entry in enumerate(told.diff.entries) if entry.tag == tag) for tag in tags)


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        ((), ("a cat, red hat, by greg, <lora:framed:0.9>", "blurry, watermark")),
        (("red hat",), ("a cat, by greg, <lora:framed:0.9>", "blurry, watermark")),
        (("dog",), ("a cat, red hat, by greg, <lora:framed:0.9>, dog", "blurry, watermark")),
        (("watermark",), ("a cat, red hat, by greg, <lora:framed:0.9>, watermark", "blurry")),
        (("red hat", "dog"), ("a cat, by greg, <lora:framed:0.9>, dog", "blurry, watermark")),
    ],
)
def test_a_moved_chip_changes_its_words_alone(told: Told, moved: tuple[str, ...], expected: tuple[str, str]) -> None:
    """A tag that leaves takes its segment along, one that joins is appended and no longer negated."""
    params = told.params

    found = prompts_with_moves(params.prompt, params.negative_prompt, told.diff, _places(told, *moved))

    assert ChosenPrompts(*expected) == found


@pytest.mark.parametrize(
    ("prompt", "tag", "expected"),
    [
        ("red circle, sky", "red", "circle, sky"),
        ("(red hat:1.3), cat", "red hat", "cat"),
        ("[red hat:cat:0.5], sky", "cat", "[red hat:cat:0.5], sky"),
        ("Blue_Eyes, cat", "blue eyes", "cat"),
        ("cat <lora:cat:1>", "cat", "cat <lora:cat:1>"),
        ("catalogue, sky", "cat", "catalogue, sky"),
        ("cat", "cat", ""),
    ],
)
def test_a_tag_leaves_its_prompt(prompt: str, tag: str, expected: str) -> None:
    """Segments that say nothing else go whole, phrases lose the word, schedules and networks stay as they are."""
    assert expected == without_tag(prompt, tag).strip()


@pytest.mark.parametrize("text", ["[99]", "[-1]", '["0"]', "{}", "[true]", "nonsense", "[1.5]"])
def test_what_is_no_list_of_chips_is_refused(told: Told, text: str) -> None:
    """A browser can send anything; only places in the diff are taken."""
    with pytest.raises(InvalidInputError, match="read the picture again"):
        parse_moved(text, told.diff)


def test_repeated_chips_count_once(told: Told) -> None:
    """Each place is taken once, and nothing means none."""
    assert (1, 0) == parse_moved("[1, 0, 1]", told.diff)
    assert () == parse_moved(" ", told.diff)
