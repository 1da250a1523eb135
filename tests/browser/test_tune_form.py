"""The form of the Tune step in a real browser: presets, own numbers, the LoRAs' lines, the estimate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.browser.conftest import drop

PICTURES = "#counterprompt_pictures input[type=number]"


def _preset(page: Any) -> str:
    return str(page.evaluate("document.querySelector('#counterprompt_preset input:checked').value"))


def test_presets_and_pictures_follow_each_other(page: Any) -> None:
    """Quick sets 120 pictures; another number is an own one, and the number of a preset names it again."""
    page.locator("#counterprompt_preset label", has_text="quick").click()
    page.wait_for_function("(s) => document.querySelector(s).value === '120'", arg=PICTURES)

    for number, name in (("150", "own number"), ("600", "thorough")):
        page.wait_for_timeout(3000)  # nobody types while an answer is on its way
        page.locator(PICTURES).first.fill(number)
        page.keyboard.press("Tab")
        page.wait_for_function(
            "(name) => document.querySelector('#counterprompt_preset input:checked').value === name", arg=name
        )
        assert name == _preset(page)


def test_a_lora_gets_its_own_range_or_stays(page: Any, demo_picture: Path) -> None:
    """What is set in the line of a LoRA is what the server will read; one that is not varied takes no numbers."""
    drop(page, demo_picture)
    line = page.locator("#counterprompt_loras [data-cp-lora='framed']")

    line.locator("[data-cp-low]").fill("0.35")
    told = page.locator("#counterprompt_lora_ranges textarea, #counterprompt_lora_ranges input").first.input_value()
    assert [{"name": "framed", "varies": True, "low": 0.35, "high": 1}] == json.loads(told)
    line.locator("[data-cp-varies]").click()
    told = page.locator("#counterprompt_lora_ranges textarea, #counterprompt_lora_ranges input").first.input_value()
    assert not json.loads(told)[0]["varies"]
    assert line.locator("[data-cp-high]").is_disabled()


def test_the_estimate_is_measured_on_the_spot(page: Any, demo_picture: Path) -> None:
    """Before the first study Measure draws a few pictures and says how long all of them take."""
    drop(page, demo_picture)

    page.locator("#counterprompt_measure").click()
    page.locator("#counterprompt_estimate .cp-estimate").first.wait_for()
    assert "An estimate" in page.locator("#counterprompt_estimate").first.inner_text()
