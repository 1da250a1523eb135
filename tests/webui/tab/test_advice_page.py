"""The advice as HTML."""

from __future__ import annotations

from counterprompt.webui.tab.advice_page import render_advice
from counterprompt.webui.tab.words import ENGLISH
from tests.webui.tab.conftest import Told, tell


def test_choice_reasons_and_all_three_prompts_are_shown(told: Told) -> None:
    """The headline, how sure it is, every rule with its id, and each wording with its prompt."""
    page = render_advice(told.advice, ENGLISH)

    assert f"{told.advice.confidence:.0%} sure" in page
    assert [] == [reason.rule_id for reason in told.advice.reasons if f">{reason.rule_id}</code>" not in page]
    assert 3 == page.count('<section class="cp-card')
    assert 1 == page.count("cp-chosen")


def test_hostile_prompts_stay_text() -> None:
    """Markup in prompts, names and reasons is shown as text."""
    evil = "<img src=x onerror=alert(1)>"
    page = render_advice(tell(f"cat, {evil}, by {evil}\nNegative prompt: {evil}", {"cat": 0.9}).advice, ENGLISH)

    assert "<img" not in page
