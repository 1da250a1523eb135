"""YAML with lines, safe to read from strangers."""

from __future__ import annotations

import pytest

from counterprompt.jobs.marked_yaml import MOST_DEPTH, MarkedList, MarkedMapping, MarkedText, read_marked
from counterprompt.jobs.mistakes import Mistake


def test_every_value_knows_its_line() -> None:
    """Lines count from 1, and words stay words."""
    expected = MarkedMapping(
        1,
        (
            (MarkedText(1, "a"), MarkedList(1, (MarkedText(1, "1"), MarkedText(1, "no")))),
            (MarkedText(2, "b"), MarkedText(2, "x: y")),
        ),
    )

    assert expected == read_marked('a: [1, no]\nb: "x: y"\n')


def test_nothing_is_null() -> None:
    """An empty text and a value that is not there are null."""
    assert MarkedText(1, "", is_null=True) == read_marked("")
    assert MarkedMapping(1, ((MarkedText(1, "a"), MarkedText(1, "", is_null=True)),)) == read_marked("a:")


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi")
)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: [", 2, "not YAML"),
        ("a: 1\na: 2", 2, "second time"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", 2, "tag"),
        ("a: 1\nb: &b [*b]", 2, "itself"),
        ("a: 1\n---\nb: 2", 2, "not YAML"),
        ("a: &a {x: 1}\nb:\n  <<: *a", 3, "defaults"),
        ("? [x]\n: 1", 1, "plain word"),
        ("a: 1\n\x07: 2", 2, "cannot stand"),
        ("x: " + "[" * (MOST_DEPTH + 1), 1, "deep"),
        ("[" * 200_000, 1, "deep"),
        (BOMB, 1, "aliases"),
        ('a: 1\nb: "\\UFFFFFFFF"', 2, "number"),
        ('a: 1\nb: "\\ud800"', 2, "cannot stand"),
        ('a: 1\nb: "x\\0"', 2, "cannot stand"),
    ],
)
def test_what_is_wrong_has_a_line(text: str, line: int, words: str) -> None:
    """What cannot be read is one mistake on the line where it stands."""
    with pytest.raises(Mistake, match=words) as caught:
        read_marked(text)

    assert line == caught.value.line
