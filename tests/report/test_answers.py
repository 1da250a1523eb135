"""Tests of the machine-readable answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.report.answers import outcome_answer

if TYPE_CHECKING:
    from counterprompt.report.content import ReportContent


def test_a_proven_winner_is_judged_by_its_name(content: ReportContent) -> None:
    """With a gain the true rates stand under "baseline" and "winner"."""
    answer = outcome_answer(content, "study", "report.html")

    assert {"any defect": {"baseline": 0.6, "winner": 0.2}} == answer["judged"]["defect_rates"]


def test_without_a_gain_the_rates_are_the_candidates(content: ReportContent) -> None:
    """The winner is then the baseline, so the other side must not be called one."""
    kept = replace(content, verdict="no gain", winner=content.baseline, candidate=content.winner)

    answer = outcome_answer(kept, "study", "report.html")

    assert answer["baseline"] == answer["winner"]
    assert {"any defect": {"baseline": 0.6, "candidate": 0.2}} == answer["judged"]["defect_rates"]


def test_what_stands_beside_the_proof_is_answered(content: ReportContent) -> None:
    """The share of guidance and the auditor's word are objects, or null where nobody looked."""
    answer = outcome_answer(content, "study", "report.html")
    bare = outcome_answer(replace(content, cfg_share=None, audit=None), "study", "report.html")

    assert (0.3, 0.25) == (answer["cfg_share"]["gain"], answer["cfg_share"]["cfg_gain"])
    assert ("LAION v1", 0.6) == (answer["audit"]["auditor"], answer["audit"]["gain"])
    assert (None, None) == (bare["cfg_share"], bare["audit"])
