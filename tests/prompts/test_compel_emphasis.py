"""The emphasis of compel (damian0815/compel, doc/syntax.md and its parser's tests) in the WebUI's words."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterprompt.prompts.compel_emphasis import can_translate_compel, translate_compel
from counterprompt.prompts.grammar import parse_prompt
from counterprompt.prompts.schedules import StepClock


@pytest.mark.parametrize(
    ("translated", "prompt"),
    [
        ("fire, flames , fire. A hot-dog", "fire, flames , fire. A hot-dog"),
        ("picking (apricots:1.1) now", "picking apricots+ now"),
        ("(flowers:0.729) (flames:1.331)", "(flowers)--- flames+++"),
        ("(flames:0.5)", "(flames)0.5"),
        ("(fire flames:2), x", "(fire flames)2, x"),
        ("(flames:2) (trees:3)", "(flames (trees)1.5)2.0"),
        ("a thin man (picking:1.21) (apricots:1.331)", "a thin man (picking apricots+)++"),
        ("hamburger kaiser roll", "hamburger ((kaiser roll))"),
        ("(pretty flowers:1.1), the flames", "(pretty flowers)+, the flames"),
        ('(fire flames:1.1) "and" x', '"fire flames"+ "and" x'),
        (r"a badly \(formed +test", "a badly (formed +test"),
        (r"formed\) +test - x", "formed) +test - x"),
        (r"a \(b\) (c+:1.1)", r"a \(b\) c\++"),
        (r"\[x\]", "[x]"),
        ("compressed (jpg:1.1), (noisy:1.21), unfocused , black", "compressed jpg+, noisy++, unfocused , black"),
        ("c (c:1.21)x", "c c++x"),
        ("(猫:1.1)", "猫+"),
    ],
)
def test_emphasis_is_translated(translated: str, prompt: str) -> None:
    """Signs and numbers behind words and brackets become weights; brackets alone vanish, unpaired ones are text."""
    assert translated == translate_compel(prompt)


@pytest.mark.parametrize(
    "prompt",
    ['("a", "b+").blend(1, 0.8)', '("a", "b").and()', "a cat.swap(dog)+", "x.attend(1.2)", "withLora(a, 1) b+"],
)
def test_operations_stay_as_they_are(prompt: str) -> None:
    """What blends, joins or swaps prompts has no like in the WebUI."""
    assert not can_translate_compel(prompt)
    assert prompt == translate_compel(prompt)


WORDS = st.text("abc_'é", min_size=1, max_size=5).map(lambda word: (word, [(word, 1.0)]))
_Meant = tuple[str, list[tuple[str, float]]]


def _weighted(inside: "st.SearchStrategy[_Meant]") -> "st.SearchStrategy[_Meant]":
    operators = [("", 1.0), ("+", 1.1), ("--", 0.81), ("1.3", 1.3), ("0.5", 0.5), ("2", 2.0)]
    return st.builds(
        lambda parts, operator: (
            f"({' '.join(text for text, _ in parts)}){operator[0]}",
            [(word, weight * operator[1]) for _, words in parts for word, weight in words],
        ),
        st.lists(inside, min_size=1, max_size=3),
        st.sampled_from(operators),
    )


@given(st.lists(st.recursive(WORDS, _weighted, max_leaves=8), max_size=4))
def test_the_webui_reads_the_weights_that_were_meant(parts: list[_Meant]) -> None:
    """The grammar of the WebUI gives each letter of the translation the weight that compel's signs say."""
    translated = translate_compel(", ".join(text for text, _ in parts))
    ((_, pieces),) = parse_prompt(translated).subprompts[0].stages(StepClock(1))

    wanted = [(letter, weight) for _, words in parts for word, weight in words for letter in word]
    found = [(letter, weight) for text, weight in pieces for letter in text if letter not in " ,"]
    assert [letter for letter, _ in wanted] == [letter for letter, _ in found]
    assert [weight for _, weight in found] == pytest.approx([weight for _, weight in wanted], abs=6e-5)


@pytest.mark.parametrize("piece", ["(", ")", "(a)+", "((", "a+", '"', '"a', "\\", "-", "+-", "()9", "a ", "."])
def test_hostile_prompts_take_no_time(piece: str, in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """A prompt of the longest size is translated in three seconds; a longer one stays as it is."""
    with in_time(3):
        translate_compel((piece * 100_000)[:100_000])
        translate_compel("(" * 50_000 + "a" + ")9" * 25_000)
    assert "a+ " * 40_000 == translate_compel("a+ " * 40_000)
