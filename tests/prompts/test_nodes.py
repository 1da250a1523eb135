"""The parts of a prompt."""

import pytest

from counterprompt.prompts.nodes import Alternated, Edited, Node, Text, Weighted, render_nodes, walk_nodes

A, B = (Text("a"),), (Text("b"),)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Weighted("(", A, closer=")"), "(a)"),
        (Weighted("(", A, ": 1.3 ", ")"), "(a: 1.3 )"),
        (Weighted("[", A), "[a"),
        (Edited(A, B, "0.5"), "[a:b:0.5]"),
        (Edited(None, B, " 3"), "[b: 3]"),
        (Edited((), B, "3"), "[:b:3]"),
        (Edited(A, (), "3"), "[a::3]"),
        (Alternated((A, (), B)), "[a||b]"),
    ],
)
def test_each_part_knows_its_spelling(node: Node, text: str) -> None:
    """What is written is what was read, unwritten parts included."""
    assert text == render_nodes([node])


@pytest.mark.parametrize(
    ("node", "factor"),
    [
        (Weighted("(", A), 1.1),
        (Weighted("[", A), 1 / 1.1),
        (Weighted("(", A, ":1.3"), 1.3),
        (Weighted("(", A, ": -.5 "), -0.5),
    ],
)
def test_the_factor_of_brackets(node: Weighted, factor: float) -> None:
    """Round brackets strengthen, square ones weaken, a number says how much."""
    assert factor == node.factor


def test_literal_text_has_no_escapes() -> None:
    """A backslash makes a bracket text, and vanishes."""
    assert "ring (medium) \\ x" == Text(r"ring \(medium\) \\ \x").literal


def test_walking_gives_outer_parts_first() -> None:
    """Parts come in reading order."""
    inner = Weighted("(", B, closer=")")
    edited = Edited(A, (inner,), "3")

    assert [edited, A[0], inner, B[0]] == list(walk_nodes([edited]))
