"""NovelAI's emphasis (docs.novelai.net) in the WebUI's words."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterprompt.prompts.grammar import parse_prompt
from counterprompt.prompts.novelai_emphasis import translate_novelai
from counterprompt.prompts.schedules import StepClock


@pytest.mark.parametrize(
    ("translated", "prompt"),
    [
        ("1girl, solo, best quality", "1girl, solo, best quality"),
        ("(a:1.05), (b:1.1025), (c:0.9524)", "{a}, {{b}}, [c]"),
        ("(a:1.05)(b:1.1025)(c:1.05)", "{a{b}c}"),
        ("a(b:1.05)", "a{b"),
        (r"a}\]", "a}]"),
        (r"miku \(vocaloid\), (x \(y\):1.05)", r"miku (vocaloid), {x \(y\)}"),
        ("(rain, night:1.5), (coat:0.5)", "1.5::rain, night::, .5::coat::"),
        ("(hat:-1), x", "-1::hat::, x"),
        ("(a,:2) (b:1.5), c", "2::a, 1.5::b::, c"),
        ("(a:1.5)", "1.5::a"),
        ("(a:1.05) (b:1.575) c, (d:1.05)", "{a 1.5::b::} c, {d"),
        ("(a:1.575) b", "1.5::{a:: b"),
        ("(a:1.1025)b", "{{a::b"),
        ("artist:x, (artist:y:1.2)", "artist:x, 1.2::artist:y::"),
        ("std::vector", "std::vector"),
        ("2girls, year 2024", "2girls, year 2024"),
    ],
)
def test_emphasis_is_translated(translated: str, prompt: str) -> None:
    """Brackets and weights multiply, `::` ends a weight with what was opened in it, round brackets are text."""
    assert translated == translate_novelai(prompt)


def test_older_models_take_weights_for_text() -> None:
    """Before the fourth generation of models only brackets emphasise."""
    assert "1.5::a::, (b:1.05)" == translate_novelai("1.5::a::, {b}", has_numbers=False)


@dataclass(frozen=True)
class _Group:
    opener: str
    closer: str
    factor: float
    inside: "tuple[_Group | str, ...]"


BRACKETS = {"{": ("}", 1.05), "[": ("]", 1 / 1.05)}


def _brackets(inside: "st.SearchStrategy[_Group | str]") -> "st.SearchStrategy[_Group | str]":
    return st.builds(
        lambda opener, parts: _Group(opener, *BRACKETS[opener], tuple(parts)),
        st.sampled_from("{["),
        st.lists(inside, max_size=3),
    )


WORDS = st.text("ab ,()_'", min_size=1, max_size=8)
TREES = st.recursive(WORDS, _brackets, max_leaves=8)
WEIGHTED = st.builds(
    lambda weight, parts: _Group(f" {weight}::x", ", ::", weight, tuple(parts)),
    st.sampled_from([1.5, 0.25, -1.0, 2.0]),
    st.lists(TREES, max_size=3),
)


def _write(part: "_Group | str") -> str:
    return part if isinstance(part, str) else part.opener + "".join(map(_write, part.inside)) + part.closer


def _letters(part: "_Group | str", weight: float = 1.0) -> list[tuple[str, float]]:
    if isinstance(part, str):
        return [(letter, weight) for letter in part if letter.strip()]
    inner = weight * part.factor
    around = [[("x", inner)], [(",", inner)]] if "::" in part.opener else [[], []]
    return [*around[0], *(pair for each in part.inside for pair in _letters(each, inner)), *around[1]]


@given(st.lists(TREES | WEIGHTED, max_size=5))
def test_the_webui_reads_the_weights_that_were_meant(parts: "list[_Group | str]") -> None:
    """The grammar of the WebUI gives each letter of the translation the weight that NovelAI's brackets say."""
    translated = translate_novelai("".join(map(_write, parts)))
    ((_, pieces),) = parse_prompt(translated, is_negative=True).subprompts[0].stages(StepClock(1))

    wanted = [pair for part in parts for pair in _letters(part)]
    found = [(letter, weight) for text, weight in pieces for letter in text if letter.strip()]
    found = found[: len(wanted)] + [pair for pair in found[len(wanted) :] if pair[0] != ","]
    assert [letter for letter, _ in wanted] == [letter for letter, _ in found]
    assert [weight for _, weight in found] == pytest.approx([weight for _, weight in wanted], abs=6e-5)


@pytest.mark.parametrize("piece", ["{a", "a}", "[{", "1::{", "::", "9" * 50 + "::", "\\(", "{[a]"])
def test_hostile_prompts_take_no_time(piece: str, in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """A prompt of the longest size, all brackets, is translated in three seconds; a longer one stays as it is."""
    with in_time(3):
        translate_novelai((piece * 100_000)[:100_000])
    assert "{a}" * 40_000 == translate_novelai("{a}" * 40_000)
