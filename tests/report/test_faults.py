"""Where to look for faults that stay."""

from __future__ import annotations

import pytest

from counterprompt.negative.layers import BASE_TERMS, MARK_TERMS, SPILL_TERMS, STRUCTURE_TERMS
from counterprompt.report.faults import HINTS, OTHERWISE, hint_for, staying_faults
from counterprompt.search.untreatable import UntreatableDefect


@pytest.mark.parametrize(
    ("defect", "rule_id"),
    [
        ("blurry", "X-BLUR"),
        ("malformed hands", "X-HANDS"),
        ("fused fingers", "X-HANDS"),
        ("bad anatomy", "X-BODY"),
        ("distorted face", "X-FACE"),
        ("3d render", "X-PAINTED"),
        ("watermark", "X-MARK"),
        ("overexposed", "X-LIGHT"),
        ("noisy", "X-NOISE"),
        ("vignette", "X-UNNAMED"),
    ],
)
def test_a_defect_has_its_hint(defect: str, rule_id: str) -> None:
    """The words of a defect's name decide where to look."""
    assert rule_id == hint_for(defect).rule_id


@pytest.mark.parametrize("term", [*BASE_TERMS, *STRUCTURE_TERMS, *MARK_TERMS, *SPILL_TERMS])
def test_our_own_terms_lead_somewhere(term: str) -> None:
    """Only words for quality as a whole have no hint of their own."""
    assert (hint_for(term) is OTHERWISE) == (term in {"low quality", "worst quality"})


def test_every_hint_is_complete() -> None:
    """Each row has its own id, places and whole sentences."""
    assert len({hint.rule_id for hint in HINTS}) == len(HINTS)
    assert all(hint.places and hint.text.endswith(".") for hint in (*HINTS, OTHERWISE))


def test_faults_keep_their_figures() -> None:
    """Figures and order are those of the study."""
    (fault,) = staying_faults([UntreatableDefect("vignette", 0.9, 0.8)])

    assert ("vignette", 0.9, 0.8, "X-UNNAMED") == (fault.defect, fault.baseline, fault.winner, fault.rule_id)
