"""LOW,HIGH and NAME=LOW,HIGH on the command line."""

from __future__ import annotations

import pytest

from counterprompt.cli.ranges import parse_cfg_range, parse_lora_ranges, refuse_other_loras
from counterprompt.errors import InvalidInputError
from counterprompt.workflow.baseline import TuneChoices


@pytest.mark.parametrize(
    ("text", "expected"), [(None, None), ("5,9", (5, 9)), (" 4.5 , 9.5 ", (4.5, 9.5)), ("7,7", (7, 7))]
)
def test_cfg_ranges_are_parsed(text: str | None, expected: tuple[float, float] | None):
    """Two numbers with a comma between give both ends; nothing given is nothing said."""
    assert expected == parse_cfg_range(text)


@pytest.mark.parametrize("text", ["", "7", "5,", "5,6,7", "5-9", "much,9", "nan,9", "5,inf", "0,9", "5,31"])
def test_other_cfg_ranges_are_refused(text: str):
    """The message repeats the value and says what may stand there."""
    with pytest.raises(InvalidInputError, match=rf"--cfg-range '{text}' is no range; give LOW,HIGH, both from 1 to 30"):
        parse_cfg_range(text)


def test_the_lower_end_comes_first():
    """A range the wrong way round is not turned about in silence."""
    with pytest.raises(InvalidInputError, match="'9,5' runs from 9 to 5; give the lower end first"):
        parse_cfg_range("9,5")
    with pytest.raises(InvalidInputError, match="'x=1,0' runs from 1 to 0; give the lower end first"):
        parse_lora_ranges(["x=1,0"])


def test_lora_ranges_are_for_all_or_for_one():
    """With a name it is that LoRA's, without one all others'; the last counts, and a name may hold = and a comma."""
    assert (None, ()) == parse_lora_ranges(None)
    assert ((0.2, 1), (("a,b=c", (-0.5, 0)), ("style", (0.4, 0.8)))) == parse_lora_ranges(
        ["0,1", "a,b=c=-0.5,0", "style=0,1", "0.2,1", " style =0.4,0.8"]
    )


@pytest.mark.parametrize("text", ["", "1", "style", "style=", "style=1", "style=0,much", "0,2.1", "x=-3,0", "=0,x"])
def test_other_lora_ranges_are_refused(text: str):
    """The message repeats the value and says what may stand there, for all and for one."""
    said = rf"--lora-range '{text}' is no range; give LOW,HIGH, or NAME=LOW,HIGH for one LoRA, both from -2 to 2"
    with pytest.raises(InvalidInputError, match=said):
        parse_lora_ranges([text])


def test_a_range_without_a_name_before_its_sign_is_refused():
    """Whether all or one were meant is not guessed."""
    with pytest.raises(InvalidInputError, match="'=0,1' names no LoRA"):
        parse_lora_ranges(["=0,1"])


@pytest.mark.parametrize(
    ("prompt", "advice"), [("<lora:style:1> <lora:x:1>", "name one of style, x"), ("a cat", "leave the range out")]
)
def test_a_lora_that_is_not_there_is_refused(prompt: str, advice: str):
    """A misspelt name is told with the names that are there."""
    with pytest.raises(InvalidInputError, match=f"'styel', which is no LoRA of the prompt; .*{advice}"):
        refuse_other_loras(TuneChoices(lora_ranges=(("styel", (0, 1)),)), prompt)
    refuse_other_loras(TuneChoices(lora_ranges=(("styel", (0, 1)),)), "<lora:styel:1>")
