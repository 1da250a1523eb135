"""The LoRAs of the prompt, each with a range of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.lora_form import key_of, loras_of, ranges_from, render_loras
from counterprompt.webui.tab.words import ENGLISH

PROMPT = "a cat, <lora:framed:0.9>, <lora:ink:0.3>"


def _row(name: str, **values: Any) -> dict[str, Any]:
    return {"name": name, "varies": True, "low": 0.4, "high": 0.8, **values}


def test_every_lora_of_the_prompt_gets_its_line() -> None:
    """Name, its weight in the prompt, and a range that holds it; each control says of which LoRA it is."""
    rows = loras_of(PROMPT)
    page = render_loras(rows, ENGLISH)

    assert [("framed", 0.9, 0.5, 1.0), ("ink", 0.3, 0.3, 1.0)] == [(r.name, r.own, r.low, r.high) for r in rows]
    assert 2 == page.count("data-cp-lora=")
    assert 'aria-label="framed: from"' in page
    assert 'aria-label="ink: vary"' in page


def test_a_prompt_without_loras_says_so() -> None:
    """There is nothing to set."""
    assert "The prompt names no LoRA." in render_loras(loras_of("a cat"), ENGLISH)


def test_each_lora_has_its_own_range_and_one_that_is_not_varied_its_own_weight() -> None:
    """What is set comes back by name; a LoRA of another prompt is passed over."""
    told = json.dumps([_row("framed"), _row("ink", varies=False), _row("gone")])

    assert (("framed", (0.4, 0.8)), ("ink", (0.3, 0.3))) == ranges_from(told, PROMPT)
    assert () == ranges_from("", PROMPT)


@pytest.mark.parametrize(
    "told",
    [
        "[", "{}", "[1]", '[{"name": 3}]', '[{"name": "framed", "varies": true}]', "[" * 30_000,
        json.dumps([_row("framed", low=0.9)]), json.dumps([_row("framed", high="1")]),
        json.dumps([_row("framed", high=9)]),
    ],
)  # fmt: skip
def test_what_no_page_would_send_is_refused(told: str) -> None:
    """Anything can come from a browser."""
    with pytest.raises(InvalidInputError):
        ranges_from(told, PROMPT)


def test_other_loras_or_weights_have_another_key() -> None:
    """So the lines are only drawn anew where they must be."""
    assert key_of(loras_of(PROMPT)) == key_of(loras_of(f"two cats, {PROMPT}"))
    assert key_of(loras_of(PROMPT)) != key_of(loras_of(PROMPT.replace("0.3", "0.4")))


def test_hostile_names_stay_text() -> None:
    """A LoRA's name comes from a picture."""
    page = render_loras(loras_of('<lora:"><img src=x onerror=alert(1)>:0.9>'), ENGLISH)

    assert "<img" not in page
