"""Results in a real browser, of studies that have ended before the page was loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import start_fake_host, watched_tab
from tests.webui.finished_study import GAIN, NO_GAIN, keep_study

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
