"""Hostile JSON."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.programs.json_object import (
    MAX_JSON_CHARACTERS,
    pick_list,
    pick_number,
    pick_object,
    pick_text,
    read_json_object,
)


@pytest.mark.parametrize("text", [None, "", "a cat", "[1]", "{", "{1}", '{"a":' * 100_000, '{"a": ' + "9" * 9999 + "}"])
def test_what_is_no_object_is_none(text: str | None) -> None:
    """No text, other JSON, broken JSON, and JSON nested or written to break a parser give None."""
    assert read_json_object(text) is None


def test_objects_are_read() -> None:
    """White space in front does not matter."""
    assert {"a": 1} == read_json_object('\n{"a": 1}')


def test_ten_megabytes_are_refused_at_once(in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """A text over the limit is refused before it is parsed."""
    text = "{" + " " * 10_000_000

    with in_time(0.05), pytest.raises(InvalidInputError, match=str(MAX_JSON_CHARACTERS)):
        read_json_object(text)


@pytest.mark.parametrize("container", [None, [], "x", {}, {"a": None}])
def test_picking_from_anything_gives_the_empty_value(container: object) -> None:
    """A missing container or key is no error."""
    assert ({}, [], "", None) == (
        pick_object(container, "a"),
        pick_list(container, "a"),
        pick_text(container, "a"),
        pick_number(container, "a"),
    )


@pytest.mark.parametrize(
    ("value", "number"), [(1, 1), ("2", 2), (" 2.5 ", 2.5), ("x", None), (True, None), ([1], None), ("nan", None)]
)
def test_numbers_may_be_written_as_texts(value: object, number: float | None) -> None:
    """SwarmUI and Fooocus write some numbers in quotes."""
    assert number == pick_number({"a": value}, "a")
