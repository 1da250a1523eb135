"""Writing back: three fields, and of the prompt nothing but LoRA weights."""

from __future__ import annotations

import json
import math

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.txt2img_fields import CfgSteps
from counterprompt.webui.tab.write_back import (
    FieldTexts,
    Winner,
    Written,
    fields_from,
    with_prompts,
    with_winner,
    written_from_json,
    written_to_json,
)

WINNER = Winner("studied <lora:framed:0.72>", "blurry", 6.83, (("framed", 0.72),))


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("mine, <lora:framed:0.9>, <lora:other:1>", "mine, <lora:framed:0.72>, <lora:other:1>"),
        ("mine  ,\n odd", "mine  ,\n odd"),
        ("  ", "studied <lora:framed:0.72>"),
    ],
)
def test_only_weights_move_in_the_prompt(prompt: str, expected: str) -> None:
    """Every other byte stays; an empty prompt gets the studied one."""
    assert FieldTexts(expected, "blurry", 7.0) == with_winner(FieldTexts(prompt, "old", 9.0), WINNER, CfgSteps())


@pytest.mark.parametrize(("step", "expected"), [(0.5, 7.0), (0.1, 6.8), (1.0, 7.0), (0.0, 6.83)])
def test_the_cfg_scale_fits_the_slider(step: float, expected: float) -> None:
    """It is rounded to the slider's step."""
    assert expected == with_winner(FieldTexts("a", "", 5), WINNER, CfgSteps(1, 30, step)).cfg_scale


def test_a_sent_prompt_leaves_the_cfg_scale() -> None:
    """Prompts change, nothing else."""
    assert FieldTexts("new", "neg", 5.5) == with_prompts(FieldTexts("old", "", 5.5), "new", "neg")


@pytest.mark.parametrize(
    "fields",
    [("a", "b", "7"), ("a", "b", True), ("a", "b", math.nan), ("a", "b", 101), (1, "b", 7), ("x" * 100_001, "", 7)],
)
def test_fields_that_no_page_would_send_are_refused(fields: tuple[object, object, object]) -> None:
    """Anybody can call the event with anything."""
    with pytest.raises(InvalidInputError, match="txt2img"):
        fields_from(*fields)


def test_a_record_comes_back_as_it_was_written() -> None:
    """Through JSON and back, and damage is said."""
    written = Written(FieldTexts("a", "b", 7.0), FieldTexts("c", "", 6.5), "a study")

    assert written == written_from_json(json.loads(json.dumps(written_to_json(written))))
    with pytest.raises(InvalidInputError, match="damaged"):
        written_from_json({"before": {"prompt": "a"}})
