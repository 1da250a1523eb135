"""The sections that explain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counterprompt.report.content import EffectRow, ReportContent
from counterprompt.report.findings import render_effects, render_faults, render_guards, render_rules

if TYPE_CHECKING:
    from collections.abc import Callable


def show(name: str, alt: str) -> str:
    """Show no pictures."""
    return ""


def test_effects_say_what_helps_and_what_cannot_be_told(content: ReportContent) -> None:
    """An interval on one side of zero helps or hurts, one across it says nothing; used pieces come first."""
    page = render_effects(content, show)

    assert page.index("In the winner") < page.index("“blurry”") < page.index("Tried, and left out")
    assert ["helps", "hurts", "cannot be told"] == [word.split("<")[0] for word in page.split("<small>")[1:]]


def test_every_effect_is_on_the_page(content: ReportContent) -> None:
    """Those past the first ten fold away, none is lost."""
    rows = tuple(EffectRow(f"<term {at}>", 1.0, (0.5, 1.5)) for at in range(25))
    page = render_effects(replace(content, effects=rows), show)

    assert 25 == page.count("&lt;term ")
    assert "Every other one (15)" in page
    assert "<term" not in page


def test_guards_rules_and_faults_are_told(content: ReportContent) -> None:
    """Broken guards, overruled advice and what no prompt cures stand there in words."""
    assert "saturation: broken" in render_guards(content, show)
    assert "2 of the 3 candidates" in render_guards(content, show)
    assert "Here 4 was better." in render_rules(content, show)
    assert "90%" in render_faults(content, show)


@pytest.mark.parametrize(
    ("render", "name"),
    [
        (render_effects, "effects"),
        (render_guards, "guards"),
        (render_rules, "rule_findings"),
        (render_faults, "staying"),
    ],
)
def test_what_is_not_known_is_left_out(content: ReportContent, render: Callable[..., str], name: str) -> None:
    """No section without content."""
    assert "" == render(replace(content, **{name: ()}), show)
