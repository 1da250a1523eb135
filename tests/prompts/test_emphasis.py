"""Emphasis by the rules of AUTOMATIC1111."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.emphasis import BREAK, escape_brackets, parse_emphasis, render_emphasis


@pytest.mark.parametrize(
    ("prompt", "pieces"),
    [
        ("", [("", 1.0)]),
        ("plain", [("plain", 1.0)]),
        ("a (b) c", [("a ", 1.0), ("b", 1.1), (" c", 1.0)]),
        ("[b]", [("b", 1 / 1.1)]),
        ("(b:1.3)", [("b", 1.3)]),
        ("(b: 0.5 )", [("b", 0.5)]),
        ("(b:.5)", [("b", 0.5)]),
        ("(b:-1)", [("b", -1.0)]),
        ("((b))", [("b", 1.21)]),
        ("((b:2) c)", [("b", 2.2), (" c", 1.1)]),
        ("([b])", [("b", 1.0)]),
        ("(one)(two)", [("onetwo", 1.1)]),
        ("(open", [("open", 1.1)]),
        ("[open", [("open", 1 / 1.1)]),
        ("close)", [("close)", 1.0)]),
        ("b:1.3)", [("b:1.3)", 1.0)]),
        ("[b:1.3]", [("b:1.3", 1 / 1.1)]),
        (r"\(b\)", [("(b)", 1.0)]),
        (r"a\\b", [("a\\b", 1.0)]),
        (r"a\b", [("ab", 1.0)]),
        ("(a [b) c]", [("a ", 1.1), ("b", 1.0), (" c", 1 / 1.1)]),  # the two kinds of brackets may cross
        ("(b:1.2.3)", [("b:1.2.3", 1.1)]),  # no number, so the colon is text
    ],
)
def test_pieces(prompt: str, pieces: list[tuple[str, float]]) -> None:
    """Each stretch of text comes out with the product of the brackets around it."""
    parsed = parse_emphasis(prompt)

    assert [text for text, _ in pieces] == [text for text, _ in parsed]
    assert [emphasis for _, emphasis in pieces] == pytest.approx([emphasis for _, emphasis in parsed])


@pytest.mark.parametrize(
    ("prompt", "emphasis"),
    [("(((a)))", 1.0 * 1.1 * 1.1 * 1.1), ("(((a:1.3)) b:0.7)", 1.3 * 1.1 * 0.7), ("[((a", 1.0 * 1.1 * 1.1 * (1 / 1.1))],
)
def test_emphasis_is_exact(prompt: str, emphasis: float) -> None:
    """Factors are multiplied in the WebUI's order, inner brackets first, unclosed round before square ones."""
    assert emphasis == parse_emphasis(prompt)[0][1]


@pytest.mark.parametrize(
    ("prompt", "pieces"),
    [
        ("a  BREAK  b", (("a", 1.0), BREAK, ("b", 1.0))),
        ("BREAKFAST", (("BREAKFAST", 1.0),)),
        ("BREAK", (("", 1.0), BREAK, ("", 1.0))),
    ],
)
def test_break_is_a_piece_of_its_own(prompt: str, pieces: tuple[tuple[str, float], ...]) -> None:
    """BREAK as a whole word stands alone and swallows the spaces around it."""
    assert pieces == parse_emphasis(prompt)


def test_break_in_brackets_is_no_bare_break() -> None:
    """Inside brackets BREAK is emphasised like any word, as in the WebUI."""
    assert BREAK not in parse_emphasis("(a BREAK b)")


@pytest.mark.parametrize(
    "prompt",
    [
        "(" * 99_999,
        "[" * 99_999,
        "(a" * 50_000,
        "(" * 50_000 + ")" * 50_000,
        ":1" * 50_000,
        " " * 100_000,
        ": " * 50_000,
    ],
    ids=["round", "square", "texts", "nested", "colons", "spaces", "gaps"],
)
def test_hostile_prompts_take_one_pass(prompt: str) -> None:
    """No prompt takes more than linear time, and emphasis stays finite."""
    assert all(abs(emphasis) <= 1e6 for _, emphasis in parse_emphasis(prompt))


def test_oversized_prompts_are_refused() -> None:
    """More than 100,000 characters are not read at all."""
    with pytest.raises(InvalidInputError, match="100001 characters"):
        parse_emphasis("a" * 100_001)


@pytest.mark.parametrize(
    ("emphasis", "text"), [(1.0, "a"), (1.2, "(a:1.2)"), (0.8004, "(a:0.8)"), (1.0001, "a"), (2.0, "(a:2)")]
)
def test_rendering(emphasis: float, text: str) -> None:
    """Emphasis is written with at most three decimals and left out at 1."""
    assert text == render_emphasis("a", emphasis)


@pytest.mark.parametrize("text", ["ring (medium)", "a\\b", "[x]"])
def test_escapes_come_back(text: str) -> None:
    """Escaped text parses to itself."""
    assert ((text, 1.0),) == parse_emphasis(escape_brackets(text))


@settings(max_examples=80, deadline=None, database=None)
@given(st.text(max_size=40).filter(lambda text: "BREAK" not in text))
def test_escaping_makes_text_literal(text: str) -> None:
    """Escaped text parses to itself at normal emphasis."""
    assert ((text, 1.0),) == parse_emphasis(escape_brackets(text))
