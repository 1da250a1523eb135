"""Names, keyboard, focus, contrast and what is read out, in both themes of whichever gradio this interpreter has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import PATIENCE_MS, drop

AUDIT = Path(__file__).with_name("audit.js").read_text("utf-8")
NONE: list[str] = []
HAS_COME_IN = "(elem) => document.getAnimations().every((each) => !each.effect.target.contains(elem))"
"""Whether gradio no longer fades a new text in: half-way it is as faint as the time it is asked at."""


@pytest.fixture(params=["light", "dark"])
def audited(request: pytest.FixtureRequest, chromium: Any, host_url: str, demo_picture: Path) -> Iterator[Any]:
    """The tab with a picture read, in one theme, ready to be asked."""
    tab = chromium.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    tab.set_default_timeout(PATIENCE_MS)
    tab.goto(f"{host_url}/?__theme={request.param}")
    tab.locator("#tabs button", has_text="Counterprompt").first.click()
    tab.locator("#counterprompt_page").wait_for()
    drop(tab, demo_picture)
    tab.locator("#counterprompt_loras [data-cp-lora]").first.wait_for()
    tab.locator("#counterprompt_judging_fold summary").click()
    tab.wait_for_timeout(1500)  # fields without a name get theirs once a second
    tab.evaluate(AUDIT)
    yield tab
    tab.close()


def test_every_control_has_a_name_and_every_picture_a_description(audited: Any) -> None:
    """Buttons, fields, switches and pictures can be told apart without being seen."""
    assert NONE == audited.evaluate("audit.unnamed()")
    assert NONE == audited.evaluate("audit.undescribed()")


def test_every_control_is_reached_by_keyboard_and_shows_the_focus(audited: Any) -> None:
    """No control is passed over, and each that Tab comes to is outlined."""
    assert NONE == audited.evaluate("audit.unreached()")
    audited.locator("#counterprompt_nav button").first.focus()
    unseen = []
    for _ in range(90):
        audited.keyboard.press("Tab")
        if not audited.evaluate("document.getElementById('counterprompt_page').contains(document.activeElement)"):
            break
        if not audited.evaluate("audit.isFocusShown()"):
            unseen.append(audited.evaluate("audit.told(document.activeElement)"))

    assert NONE == unseen


def test_every_text_of_ours_stands_out(audited: Any) -> None:
    """WCAG 2 AA: a ratio of 4.5, of 3 for large texts, against what lies behind them."""
    assert NONE == audited.evaluate("audit.faint()")


def test_the_texts_of_the_accordion_stand_out_too(audited: Any) -> None:
    """The preview of the dynamic negative prompt stands on the host's page, on the host's colours."""
    audited.locator("#tabs button", has_text="txt2img").first.click()
    audited.locator("#counterprompt_dynamic_txt2img .label-wrap").first.click()
    audited.locator("#counterprompt_dynamic_txt2img_on input").first.click()
    label = audited.locator("#counterprompt_dynamic_txt2img_preview .cp-label")
    label.wait_for()
    audited.wait_for_function(HAS_COME_IN, arg=label.element_handle())

    assert NONE == audited.evaluate("audit.faint()")


def test_what_happens_is_read_out_and_nothing_moves_for_who_wants_it_still(audited: Any) -> None:
    """There is one place for news, errors are alerts, and a step comes into sight at once."""
    audited.locator("#counterprompt_cfg_scale_from input[type=number]").first.fill("19")
    audited.keyboard.press("Tab")
    audited.locator("#counterprompt_start").click()
    audited.locator("#counterprompt_tune_note [role=alert]").wait_for()
    assert 1 == audited.locator("#counterprompt-told[role=status]").count()

    audited.locator("[data-cp-step='1']").click()
    top = audited.evaluate("document.getElementById('counterprompt-step-1').getBoundingClientRect().top")
    assert abs(top) < 400
    assert "1" == audited.evaluate("document.activeElement.id.slice(-1)")
