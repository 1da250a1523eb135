"""Prompt editing and alternation, resolved to texts by step."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.schedules import StepClock, distinct_stages, resolve_schedules


@pytest.mark.parametrize(
    ("prompt", "stages"),
    [
        ("plain (text:1.2)", [(10, "plain (text:1.2)")]),
        ("a [b:3]", [(3, "a "), (10, "a b")]),
        ("a [b::3]", [(3, "a b"), (10, "a ")]),
        ("a [b:c:3]", [(3, "a b"), (10, "a c")]),
        ("a [b:c:0.25]", [(2, "a b"), (10, "a c")]),  # a dot makes it a fraction
        ("a [b:c: .5 ]", [(5, "a b"), (10, "a c")]),
        ("a [b:c:1.0]", [(10, "a b")]),
        ("a [b:c:1]", [(1, "a b"), (10, "a c")]),  # without a dot it is a step
        ("a [b:c:0]", [(10, "a c")]),
        ("a [b:c:-3]", [(10, "a c")]),
        ("a [b:c:99]", [(10, "a b")]),
        ("[a:[b:c:6]:3]", [(3, "a"), (6, "b"), (10, "c")]),
        ("[(a:1.2):3]", [(3, ""), (10, "(a:1.2)")]),
        ("[a]", [(10, "[a]")]),
        ("[a:b]", [(10, "[a:b]")]),  # no step: text
        ("x [a:3", [(10, "x [a:3")]),  # never closed: text
        (r"\[a:3\]", [(10, r"\[a:3\]")]),
        ("([a:3]", [(3, "("), (10, "(a")]),  # what is complete inside stray brackets counts
        ("a | [b:3]", [(10, "a | [b:3]")]),  # a stray bar makes everything text
        ("[b:3] \\", [(10, "[b:3] \\")]),  # so does a lone backslash at the end
    ],
)
def test_stages(prompt: str, stages: list[tuple[int, str]]) -> None:
    """Each text is listed with the last step it acts at, as in the WebUI."""
    assert tuple(stages) == resolve_schedules(prompt, 10)


@pytest.mark.parametrize(
    ("when", "first", "second", "old"),
    [
        ("0.5", 5, 0, 5),
        ("1.5", 10, 4, 1),
        ("1.0", 10, 0, 1),
        ("3", 3, 0, 3),
        ("12", 10, 2, 10),
        ("40", 10, 8, 10),
        (" .25 ", 2, 0, 2),
    ],
)
def test_both_passes_of_hires_fix(when: str, first: int, second: int, old: int) -> None:
    """The second pass of 8 steps counts on from the first of 10; the old option lets both be alike."""
    assert first == StepClock(10).last_step(when)
    assert second == StepClock(8, first_pass_steps=10).last_step(when)
    assert old == StepClock(10, is_old=True).last_step(when)


def test_the_second_pass_resolves_for_itself() -> None:
    """What switches in the first pass has switched before the second."""
    assert ((8, "a c"),) == resolve_schedules("a [b:c:0.5]", 8, first_pass_steps=10)
    assert ((4, "a b"), (8, "a c")) == resolve_schedules("a [b:c:1.5]", 8, first_pass_steps=10)
    assert ((2, "a b"), (10, "a c")) == resolve_schedules("a [b:c:2.7]", 10, use_old_scheduling=True)


@pytest.mark.parametrize(
    ("prompt", "texts"),
    [
        ("[a|b]", ["a", "b", "a", "b"]),
        ("[fe|]male", ["female", "male", "female", "male"]),
        ("[a|b|c]", ["a", "b", "c", "a"]),
        ("[[a|b]:2]", ["", "a", "b"]),  # the first two steps are alike
    ],
)
def test_alternation_takes_turns(prompt: str, texts: list[str]) -> None:
    """Options take turns, one a step."""
    assert texts == [text for _, text in resolve_schedules(prompt, 4)]


@pytest.mark.parametrize(
    "prompt",
    [
        "[" * 99_999,
        "[" * 50_000 + "]" * 50_000,
        "[a:" * 33_000,
        "[a|" * 33_000,
        "[(" * 25_000 + ")]" * 25_000,
        ":" * 100_000,
    ],
    ids=["open", "nested", "scheduled", "alternating", "mixed", "colons"],
)
def test_hostile_prompts_neither_recurse_nor_hang(prompt: str) -> None:
    """Brackets by the ten thousand are read in one pass."""
    assert resolve_schedules(prompt, 20)[-1][0] == 20


def test_too_much_text_is_refused() -> None:
    """A long prompt that changes at each of very many steps would fill the memory."""
    with pytest.raises(InvalidInputError, match="shorten"):
        resolve_schedules("[a|b]" * 10_000, 1_000)


def test_no_steps_are_refused() -> None:
    """There is no text at zero steps."""
    with pytest.raises(InvalidInputError, match="at least 1"):
        resolve_schedules("a", 0)


def test_the_longest_acting_stage_comes_first() -> None:
    """Stages are ordered by how long they act."""
    assert ("dog", "cat") == distinct_stages("[cat:dog:0.3]")


@settings(max_examples=80, deadline=None, database=None)
@given(st.text(alphabet="[]():|,\\ab 0.5", max_size=25), st.integers(1, 12))
def test_stages_cover_the_run(prompt: str, steps: int) -> None:
    """Of any prompt the stages rise to the last step, and neighbours differ."""
    stages = resolve_schedules(prompt, steps)

    ends = [end for end, _ in stages]
    assert sorted(set(ends)) == ends
    assert steps == ends[-1]
    assert all(one[1] != other[1] for one, other in pairwise(stages))
