"""Brackets as a tree."""

import pytest

from counterprompt.prompts.bracket_tree import parse_brackets
from counterprompt.prompts.nodes import Alternated, Break, Edited, Node, Text, Weighted, render_nodes

A, B, C = (Text("a"),), (Text("b"),), (Text("c"),)


@pytest.mark.parametrize(
    ("prompt", "nodes"),
    [
        ("", ()),
        ("a", A),
        ("(a)", (Weighted("(", A, "", ")"),)),
        ("(a:1.3)", (Weighted("(", A, ":1.3", ")"),)),
        ("(a:b)", (Weighted("(", (Text("a:b"),), "", ")"),)),
        ("(a:b:1.3)", (Weighted("(", (Text("a:b"),), ":1.3", ")"),)),
        ("((a) b", (Weighted("(", (Weighted("(", A, "", ")"), Text(" b"))),)),
        ("[a]", (Weighted("[", A, "", "]"),)),
        ("[a:1.3]", (Edited(None, A, "1.3"),)),
        ("[a:b:.5]", (Edited(A, B, ".5"),)),
        ("[:b:5]", (Edited((), B, "5"),)),
        ("[a|b|c]", (Alternated((A, B, C)),)),
        ("[a|[b:c:3]]", (Alternated((A, (Edited(B, C, "3"),))),)),
        ("[(a:1.2):b:3]", (Edited((Weighted("(", A, ":1.2", ")"),), B, "3"),)),
        ("[a:b]", (Weighted("[", (Text("a:b"),), "", "]"),)),
        ("a BREAK b", (Text("a "), Break(), Text(" b"))),
        ("(a BREAK b)", (Weighted("(", (Text("a BREAK b"),), "", ")"),)),
        (r"\(a\)", (Text(r"\(a\)"),)),
        ("a]", (Text("a]"),)),
        ("(a]:b:3]", (Weighted("(", (Text("a]:b:3]"),)),)),
        ("a | [b:3]", (Text("a | "), Weighted("[", (Text("b:3"),), "", "]"))),
    ],
)
def test_trees(prompt: str, nodes: tuple[Node, ...]) -> None:
    """Every bracket is what the WebUI takes it for."""
    assert nodes == parse_brackets(prompt).nodes


@pytest.mark.parametrize(("prompt", "schedulable"), [("[a|b]", True), ("a|b", False), ("[a|b", False), ("a\\", False)])
def test_a_stray_bar_ends_all_schedules(prompt: str, schedulable: bool) -> None:
    """It is said where the WebUI gives up on schedules."""
    assert schedulable is parse_brackets(prompt).is_schedulable


@pytest.mark.parametrize(
    "prompt",
    [
        "[" * 99_999,
        "(" * 50_000 + "]" * 50_000,
        "[a:" * 33_000,
        "(" * 50_000 + ")" * 50_000,
        "([" * 25_000 + ")]" * 25_000,
    ],
    ids=["open", "crossing", "scheduled", "nested", "mixed"],
)
def test_hostile_prompts_come_back(prompt: str) -> None:
    """Brackets by the ten thousand are read and written without recursion."""
    assert prompt == render_nodes(parse_brackets(prompt).nodes)
