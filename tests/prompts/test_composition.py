"""AND and its weights."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.prompts.composition import split_composition


@pytest.mark.parametrize(
    ("prompt", "parts"),
    [
        ("a", [("a", 1.0)]),
        ("a AND b", [("a", 1.0), (" b", 1.0)]),
        ("a :1.2 AND b: .5 ", [("a", 1.2), (" b", 0.5)]),
        ("a:-1AND", [("a:-1AND", 1.0)]),
        ("a:-1 AND", [("a", -1.0), ("", 1.0)]),
        ("SAND and BANDS", [("SAND and BANDS", 1.0)]),
        ("ratio 16:9", [("ratio 16", 9.0)]),
        ("(a:1.2)", [("(a:1.2)", 1.0)]),
        ("(a AND b:1.2)", [("(a", 1.0), (" b:1.2)", 1.0)]),
        ("7", [("7", 1.0)]),
        ("a:1.2.3", [("a:1.2.3", 1.0)]),
        ("a:b:2.", [("a:b", 2.0)]),
    ],
)
def test_parts_and_weights(prompt: str, parts: list[tuple[str, float]]) -> None:
    """AND as a whole word cuts, and a number after the last colon weighs."""
    assert parts == [(part.text, part.weight) for part in split_composition(prompt)]


@settings(max_examples=60, deadline=None, database=None)
@given(st.text(alphabet="AND :1.5-\n(a", max_size=25))
def test_the_parts_join_again(prompt: str) -> None:
    """Texts and tails with AND between them are the prompt."""
    assert prompt == "AND".join(part.text + part.tail for part in split_composition(prompt))
