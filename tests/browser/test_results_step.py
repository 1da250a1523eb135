"""Results in a real browser, of studies that have ended before the page was loaded."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterprompt.ports import GenerationRequest
from counterprompt.webui.study_values import StudyOrder
from counterprompt.workflow.baseline import TuneChoices
from tests.browser.conftest import start_fake_host, watched_tab
from tests.browser.test_tuning_story import STORY_MS
from tests.webui.finished_study import GAIN, NO_GAIN, keep_study

UNPROVEN = StudyOrder(
    baseline=GenerationRequest(
        "red person, white background", "blurry, watermark, extra arms, bad anatomy, noisy", 7, 10, width=64, height=64
    ),
    choices=TuneChoices(budget=60, held_out=3, search_seed=3, controls=False),
    name="too few seeds",
)
"""A study of the miniature whose three proof seeds cannot tell."""
KEEPERS = ("counterprompt_write", "counterprompt_save_recipe", "counterprompt_save_style")


@pytest.fixture(scope="module")
def ended_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a fake host in whose folder a study with a gain and, later, one without have ended."""
    pytest.importorskip("gradio", reason="the fake host's page needs gradio, which a WebUI brings")
    data = tmp_path_factory.mktemp("ended")
    for age, (name, content) in enumerate((("without", NO_GAIN), ("with", GAIN))):
        keep_study(data / "studies", name, content)
        os.utime(data / "studies" / name / "order.json", (1e9 - age, 1e9 - age))
    url, server = start_fake_host(data)
    yield url
    server.kill()


@pytest.fixture
def ended(chromium: Any, ended_url: str) -> Iterator[Any]:
    """Its page, our tab in front."""
    with watched_tab(chromium, ended_url) as tab:
        yield tab


def _is_on(page: Any) -> list[bool]:
    return [page.locator(f"#{each}").is_enabled() for each in KEEPERS]


def test_what_proved_nothing_cannot_be_written(ended: Any) -> None:
    """The buttons are off and look it, the reason stands beneath; a study with a gain turns them on and is written."""
    ended.locator("#counterprompt_why_not .cp-note").wait_for()
    looks = ended.locator("#counterprompt_write").evaluate("e => Number(getComputedStyle(e).opacity)")

    assert [False, False, False] == _is_on(ended)
    assert looks < 0.7
    assert "Nothing was proven" in ended.locator("#counterprompt_why_not .cp-note").inner_text()
    assert ended.locator("#counterprompt_open_report").is_enabled()

    ended.locator("[data-cp-study='with']").click()
    ended.locator("#counterprompt_why_not .cp-note").wait_for(state="detached")
    assert [True, True, True] == _is_on(ended)
    ended.locator("#counterprompt_write").click()
    ended.locator("#counterprompt_apply_note .cp-good").wait_for()
    assert "blurry" == ended.locator("#txt2img_neg_prompt textarea").first.input_value()


def test_earlier_studies_can_be_chosen(chromium: Any, tmp_path: Path) -> None:
    """They lie in a fold, which stays open when what is around it is replaced, and show their result."""
    for number in range(14):
        keep_study(tmp_path / "studies", f"s{number:02}", GAIN if number else NO_GAIN)
        os.utime(tmp_path / "studies" / f"s{number:02}" / "order.json", (1e9 + number, 1e9 + number))
    url, server = start_fake_host(tmp_path)
    try:
        with watched_tab(chromium, url) as tab:
            tab.locator("details.cp-earlier summary").click()
            tab.wait_for_timeout(1500)  # our script knows the fold by now
            tab.locator("[data-cp-study='s13']").click()
            tab.locator("[data-cp-study='s13'][aria-pressed='true']").wait_for()
            assert tab.locator("[data-cp-study='s00']").is_visible()
            tab.locator("[data-cp-study='s00']").click()
            tab.locator("#counterprompt_why_not", has_text="Nothing was proven").first.wait_for()
    finally:
        server.kill()


@pytest.mark.slow
def test_what_could_not_be_told_is_proven_again(chromium: Any, tmp_path: Path) -> None:
    """Prove again draws the new pairs while the page shows it, and ends in a verdict that tells of the first proof."""
    from counterprompt.webui.studies import StudyDesk
    from tests.webui.fake_host.page import miniature_workplace

    desk = StudyDesk(tmp_path / "studies", miniature_workplace)
    study = desk.start(UNPROVEN)
    while desk.status(study).state in ("waiting", "running"):
        time.sleep(0.5)
    assert desk.outcome(study).telling_seeds is not None
    url, server = start_fake_host(tmp_path)
    try:
        with watched_tab(chromium, url) as tab:
            tab.locator("#counterprompt_prove:enabled").wait_for()
            assert "Prove again" in tab.locator("#counterprompt_why_not .cp-note").inner_text()
            tab.locator("#counterprompt_prove").click()
            tab.locator("#counterprompt_running [data-cp-busy='1']").first.wait_for()
            tab.locator("#counterprompt_result", has_text="This is the second proof").first.wait_for(timeout=STORY_MS)
            assert tab.locator("#counterprompt_prove").is_disabled()
    finally:
        server.kill()
