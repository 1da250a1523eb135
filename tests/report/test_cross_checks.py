"""What stands beside the proof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counterprompt.ports import GenerationRequest
from counterprompt.report.assemble import Findings, assemble_report
from counterprompt.report.cross_checks import AuditResult, CfgShare
from counterprompt.report.page import render_page
from counterprompt.search.frozen_cfg import FrozenCfg
from counterprompt.search.plan import plan_study
from counterprompt.search.space import SearchSpace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from counterprompt.report.content import ReportContent
    from counterprompt.search.outcome import Outcome

AUDIT = AuditResult("LAION v1", 64, 5.1, 5.4, 0.6, (0.3, 0.9), 0.75)


@pytest.mark.parametrize(
    ("ci95", "word", "said"),
    [
        ((0.3, 0.9), "better", "finds it better: +0.60 σ"),
        ((-0.9, -0.3), "worse", "finds it worse"),
        ((-0.1, 0.9), "no difference", "cannot tell the two apart"),
    ],
)
def test_the_auditor_speaks_by_its_interval(ci95: tuple[float, float], word: str, said: str) -> None:
    """Only an interval on one side of zero is a word for or against."""
    audit = replace(AUDIT, ci95=ci95)

    assert word == audit.word
    assert said in audit.sentence
    assert "had no part in the scores of the search" in audit.sentence


def test_the_share_of_guidance_is_told_in_words() -> None:
    """What is left, what guidance adds, and on how many seeds."""
    sentence = CfgShare(7.0, 8, 0.3, (0.1, 0.5), 0.55, 0.25, (0.05, 0.45)).sentence

    assert "own CFG scale of 7 a gain of +0.30 σ" in sentence
    assert "adds +0.25 σ (95 % interval +0.05 to +0.45)" in sentence


def test_the_page_shows_both(content: ReportContent, folder: Path) -> None:
    """The proof has a line for the frozen CFG scale, and both sentences below it."""
    page = render_page(content, folder)
    bare = render_page(replace(content, cfg_share=None, audit=None), folder)

    assert "Winner, CFG 7" in page
    assert "auditor: better" in page
    assert "share of CFG" not in bare


def test_the_studys_figures_reach_the_report(ended: Callable[..., Outcome]) -> None:
    """What the study measured stands in the report; nothing where it measured nothing."""
    outcome = replace(ended("blurry", 9.0), frozen_cfg=FrozenCfg(7.0, 8, 0.3, (0.1, 0.5), 0.55, 0.25, (0.05, 0.45)))
    plan = plan_study(GenerationRequest("a cat <lora:x:0.95>", "", 1), SearchSpace(), 100)
    found = assemble_report(outcome, plan, Findings(), "study").cfg_share

    assert CfgShare(7.0, 8, 0.3, (0.1, 0.5), 0.55, 0.25, (0.05, 0.45)) == found
    assert assemble_report(replace(outcome, frozen_cfg=None), plan, Findings(), "study").cfg_share is None
