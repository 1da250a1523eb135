"""A recipe's evidence."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.negative.recipe_evidence import RecipeEvidence, read_evidence

EVIDENCE = RecipeEvidence(1.5, 1.0, 2.0, 0.75, 16, "fake", "2026-11-22")


def test_evidence_comes_back() -> None:
    """What JSON holds is read again; nothing stays nothing."""
    assert EVIDENCE == read_evidence(asdict(EVIDENCE))
    assert replace(EVIDENCE, own_cfg_gain=1.25) == read_evidence(asdict(replace(EVIDENCE, own_cfg_gain=1.25)))
    assert read_evidence(None) is None


@pytest.mark.parametrize(
    "values",
    [
        "x",
        {},
        {**asdict(EVIDENCE), "gain": "2"},
        {**asdict(EVIDENCE), "low": True},
        {**asdict(EVIDENCE), "own_cfg_gain": "1"},
    ],
)
def test_broken_evidence_is_refused(values: object) -> None:
    """Figures that are none are never shown as proof."""
    with pytest.raises(InvalidInputError, match="evidence"):
        read_evidence(values)


def test_the_sentence_says_what_is_left_without_guidance() -> None:
    """Where the share of the CFG scale was measured, the sentence tells what is left without it."""
    assert "with the CFG scale left alone about +1.25 σ" in replace(EVIDENCE, own_cfg_gain=1.25).sentence
    assert "CFG" not in EVIDENCE.sentence
