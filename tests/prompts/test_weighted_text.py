"""Weighted stretches as a prompt of the WebUI."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterprompt.prompts.grammar import parse_prompt
from counterprompt.prompts.schedules import StepClock
from counterprompt.prompts.weighted_text import render_weighted


@pytest.mark.parametrize(
    ("prompt", "stretches"),
    [
        ("", []),
        ("a cat", [("a ", 1), ("cat", 1.00001)]),
        ("a (cat:1.05) b", [("a", 1), (" cat ", 1.05), ("b", 1)]),
        ("(a cat:1.1025)", [("a ", 1.1025), ("cat", 1.05**2)]),
        ("(a:0.9524), (b:-1)", [("a", 1 / 1.05), (", ", 1), ("b", -1)]),
        ("(a:0)(b:1000)", [("a", -0.00001), ("b", 1e9)]),
        (r"cat \(animal\) \[x\] \\", [("cat (animal) [x] \\", 1)]),
        ("a , b", [("a", 1), (" ", 2), (", b", 1)]),
        ("1girl, :3,", [("1girl, :3", 1)]),
    ],
)
def test_stretches_become_a_prompt(prompt: str, stretches: list[tuple[str, float]]) -> None:
    """Spaces stay outside, brackets are escaped, weights have four decimals, nothing looks like a weight of all."""
    assert prompt == render_weighted(stretches)


@given(
    st.lists(
        st.tuples(st.text("ab ,()[]\\:|{}1.AND", min_size=1), st.floats(-3, 3, allow_nan=False)),
        max_size=6,
    )
)
def test_the_webui_reads_the_same_words(stretches: list[tuple[str, float]]) -> None:
    """Whatever the texts hold but AND and a backslash before a number, every letter comes back with its weight."""
    prompt = render_weighted(stretches)

    ((_, pieces),) = parse_prompt(prompt, is_negative=True).subprompts[0].stages(StepClock(1))

    wanted = [(letter, weight) for text, weight in stretches for letter in text if letter.strip()]
    given_back = [(letter, weight) for text, weight in pieces for letter in text if letter.strip()]
    if len(given_back) > len(wanted):
        assert "," == given_back.pop()[0]
    assert [letter for letter, _ in wanted] == [letter for letter, _ in given_back]
    assert [weight for _, weight in given_back] == pytest.approx([weight for _, weight in wanted], abs=6e-5)
