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


def _judged(page: Any) -> str:
    return str(page.locator("#counterprompt_judging textarea, #counterprompt_judging input").first.input_value())


def test_how_pictures_are_judged_is_set_in_a_fold_and_taken_back(page: Any, demo_picture: Path) -> None:
    """Only what was changed is told; a number out of range is named at Start, and one button brings the usual back."""
    drop(page, demo_picture)
    fold = page.locator("#counterprompt_judging_fold")
    number = fold.locator("[data-cp-judged='weights.artifacts']")
    assert not number.is_visible()
    assert "" == _judged(page)

    fold.locator("summary").click()
    number.fill("11")
    fold.locator("[data-cp-judged='schedules']").check()
    assert {"weights": {"artifacts": 11}, "schedules": True} == json.loads(_judged(page))
    assert fold.locator("[data-cp-unusual]").is_visible()
    page.wait_for_timeout(500)
    page.locator("#counterprompt_start").click()
    page.locator("#counterprompt_tune_note [role=alert]").wait_for()
    said = page.locator("#counterprompt_tune_note [role=alert]").inner_text()
    assert "The weight of artifacts is 11; give a number from 0 to 10." == said

    fold.locator("[data-cp-usual]").click()
    assert "" == _judged(page)
    assert "0.6" == number.input_value()
    assert not fold.locator("[data-cp-judged='schedules']").is_checked()
    assert not fold.locator("[data-cp-unusual]").is_visible()
