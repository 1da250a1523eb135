"""Tune and Results in a real browser: start, watch, leave, come back, prove, write back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import drop, open_tab

PROGRESS = "#counterprompt_running .cp-progress"
STORY_MS = 1000 * int(os.environ.get("COUNTERPROMPT_STORY_SECONDS", "1500"))
"""Milliseconds that a whole study may take; a busy machine without a card is slow."""


def _start(page: Any, picture: Path, pictures: str) -> None:
    drop(page, picture)
    box = page.locator("#counterprompt_pictures input[type=number]").first
    box.fill(pictures)
    box.press("Tab")
    page.locator("#counterprompt_start").click()
    page.locator("#counterprompt_running [data-cp-busy='1']").first.wait_for()


@pytest.mark.slow
def test_a_study_survives_its_page_and_can_be_paused(page: Any, demo_picture: Path, host_url: str) -> None:
    """The page is loaded anew and shows the same study; Pause stops it, Resume goes on, Stop ends it."""
    _start(page, demo_picture, "120")

    open_tab(page, host_url)
    page.locator("#counterprompt_running [data-cp-busy='1']").first.wait_for()
    page.locator("#counterprompt_pause").click()
    page.locator(PROGRESS, has_text="paused").first.wait_for(timeout=STORY_MS)
    page.locator("#counterprompt_resume").click()
    page.locator("#counterprompt_running [data-cp-busy='1']").first.wait_for()
    page.locator("#counterprompt_stop").click()
    page.locator(PROGRESS, has_text="stopped").first.wait_for(timeout=STORY_MS)


@pytest.mark.slow
def test_the_story_ends_with_a_proof_that_goes_into_txt2img(page: Any, demo_picture: Path) -> None:
    """A small study ends; a gain is written and undone, without one nothing can be pressed; the report opens."""
    _start(page, demo_picture, "120")

    page.locator("#counterprompt_result .cp-result").first.wait_for(timeout=STORY_MS)
    is_gain = page.locator("#counterprompt_result .cp-badge.cp-good").count() > 0
    assert is_gain == page.locator("#counterprompt_write").is_enabled()
    if is_gain:
        page.locator("#counterprompt_write").click()
        page.locator("#counterprompt_apply_note .cp-good").first.wait_for()
        shown = page.locator("#counterprompt_result .cp-chosen pre").first.inner_text()
        assert shown == page.locator("#txt2img_neg_prompt textarea").first.input_value()
    page.locator("#counterprompt_open_report").click()
    page.locator("#counterprompt_report iframe").wait_for()
    if is_gain:
        page.locator("#counterprompt_undo").click()
        page.wait_for_function("() => document.querySelector('#txt2img_neg_prompt textarea').value === ''")


def test_what_no_slider_would_send_is_refused_with_a_remedy(page: Any) -> None:
    """Start without a picture says what to do, and the page goes on working."""
    page.locator("#counterprompt_start").click()

    page.locator("#counterprompt_tune_note .cp-error").first.wait_for()
    assert "step 1" in page.locator("#counterprompt_tune_note .cp-error").first.inner_text()


@pytest.mark.slow
def test_prompts_are_compared_while_the_page_stays_usable(page: Any, demo_picture: Path) -> None:
    """Four seeds of each prompt are drawn in the background and end in a verdict with pictures."""
    drop(page, demo_picture)
    box = page.locator("#counterprompt_seeds input[type=number]").first
    box.fill("4")
    box.press("Tab")

    page.locator("#counterprompt_compare").click()
    page.locator("#counterprompt_comparison .cp-compared").first.wait_for(timeout=STORY_MS)

    assert "prompt" in page.locator("#counterprompt_comparison .cp-headline").first.inner_text()
    assert 8 <= page.locator("#counterprompt_comparison .cp-strip img").count()
