"""A whole prompt as one value."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.grammar import parse_prompt
from counterprompt.prompts.nodes import Alternated, Break, Edited, Text, Weighted
from counterprompt.prompts.schedules import StepClock

PIECES = (
    "a",
    " ",
    ",",
    "(",
    ")",
    "[",
    "]",
    ":",
    "|",
    "\\",
    "1.2",
    "BREAK",
    "AND",
    "<lora:x:0.8>",
    "<",
    ">",
    "\n",
    "é",
    ":3]",
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))


@settings(max_examples=300, deadline=None, database=None)
@given(TEXTS, st.booleans())
def test_any_text_comes_back(text: str, is_negative: bool) -> None:
    """Rendering what was parsed gives the prompt byte for byte."""
    assert text == parse_prompt(text, embeddings=("a", "1.2"), is_negative=is_negative).render()


@settings(max_examples=100, deadline=None, database=None)
@given(TEXTS)
def test_parsing_again_gives_the_same_value(text: str) -> None:
    """The value says everything: its text parses to it."""
    prompt = parse_prompt(text)

    assert prompt == parse_prompt(prompt.render())


def test_everything_in_one_prompt() -> None:
    """Networks, compositions, schedules, emphasis, BREAK and embeddings are told apart."""
    text = "(red:1.2) [hat|cap] <lora:x:0.8:unet=0.5> BREAK sky :1.5 AND [cat:dog:0.5], easynegative"
    prompt = parse_prompt(text, embeddings=["EasyNegative"])

    assert [1.5, 1.0] == [part.weight for part in prompt.subprompts]
    assert [("x", 0.8, 0.5)] == [(tag.name, tag.te_weight, tag.unet_weight) for tag in prompt.networks]
    assert ("EasyNegative",) == prompt.embeddings
    assert {Weighted, Alternated, Break, Edited, Text} <= {type(node) for node in prompt.nodes()}


def test_stages_carry_emphasis() -> None:
    """A subprompt tells for each step which text counts how much."""
    (part,) = parse_prompt("(a:1.5) [b:c:0.5]").subprompts

    assert (
        (5, (("a", 1.5), (" b", 1.0))),
        (10, (("a", 1.5), (" c", 1.0))),
    ) == part.stages(StepClock(10))


def test_negative_prompts_hold_no_composition() -> None:
    """AND and extra networks are words of a negative prompt."""
    prompt = parse_prompt("a AND b <lora:x:1>", is_negative=True)

    assert 1 == len(prompt.subprompts)
    assert () == prompt.networks


def test_oversized_prompts_are_refused() -> None:
    """More than 100,000 characters are not read at all."""
    with pytest.raises(InvalidInputError, match="100001 characters"):
        parse_prompt("a" * 100_001)
