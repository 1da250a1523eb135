"""The outcome in one sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from counterprompt.report.explanations import GuardRow
from counterprompt.report.own_choices import OwnChoices
from counterprompt.report.story import render_hero
from counterprompt.report.verdict import first_proof_told, further_reason, second_proof_advice, verdict_sentence

if TYPE_CHECKING:
    from counterprompt.report.content import ReportContent

SPOILED = GuardRow("saturation", True, "Colours are far stronger than in yours.")
KEPT = GuardRow("noise", False, "There is no more noise than before.")


@pytest.mark.parametrize(
    ("guards", "low", "said", "unsaid"),
    [
        ((KEPT,), -0.1, ("No gain was proven", "your fields stay"), "noise"),
        ((SPOILED, KEPT), 0.4, ("but spoils something else", "Colours are far stronger"), "noise"),
        ((SPOILED, KEPT), -0.1, ("No gain was proven",), "spoils"),
    ],
)
def test_what_was_not_proven_says_why(
    content: ReportContent, guards: tuple[GuardRow, ...], low: float, said: tuple[str, ...], unsaid: str
) -> None:
    """A candidate that scores beyond doubt is said to spoil something; one that does not, to prove nothing."""
    proof = replace(content.held_out, gain=0.5, ci95=(low, 1.0))
    sentence = verdict_sentence(replace(content, verdict="no gain", held_out=proof, guards=guards, own_choices=None))

    assert all(part in sentence for part in said)
    assert unsaid not in sentence
    assert "+0.50" in sentence


def test_a_gain_is_told_with_its_interval(content: ReportContent) -> None:
    """Gain, interval and share of seeds stand in it."""
    proof = replace(content.held_out, gain=1.5, ci95=(1.0, 2.0), win_rate=0.9)

    sentence = verdict_sentence(replace(content, held_out=proof, own_choices=None))

    assert "beats your settings by +1.50 σ" in sentence
    assert sentence.endswith("(95 % interval +1.00 to +2.00) and wins on 90% of them.")


@pytest.mark.parametrize(
    ("guards", "low", "reason"),
    [((SPOILED,), 0.4, ""), ((SPOILED,), -0.1, "Too close."), ((KEPT,), -0.1, "Too close.")],
)
def test_why_it_stays_is_said_once(
    content: ReportContent, guards: tuple[GuardRow, ...], low: float, reason: str
) -> None:
    """Where the sentence says what is spoiled the reason is not told beside it, on the page neither."""
    proof = replace(content.held_out, gain=0.5, ci95=(low, 1.0))
    spoiling = replace(content, verdict="no gain", reason="Too close.", held_out=proof, guards=guards, own_choices=None)

    assert reason == further_reason(spoiling)
    assert bool(reason) == ("Too close." in render_hero(spoiling, lambda name, title: ""))


def test_the_choices_reason_is_said_once(content: ReportContent) -> None:
    """A verdict by a person's choices begins with its reason; a gain needs none."""
    choices = OwnChoices(6, 0, 3, 1.5, 0.5, losses=6, decided="no gain")
    chosen = replace(content, verdict="no gain", reason="You chose yours.", own_choices=choices)

    assert verdict_sentence(chosen).startswith("You chose yours.")
    assert "" == further_reason(chosen) == further_reason(replace(content, verdict="gain"))


def test_a_second_proof_is_offered_with_its_price(content: ReportContent) -> None:
    """Where the first could not tell, page and sentence say seeds, pictures and the command; elsewhere nothing."""
    open_end = replace(content, verdict="no gain", telling_seeds=90, study="/studies/a b", own_choices=None)

    advice = second_proof_advice(open_end)

    assert "90 fresh seeds (about 180 pictures)" in advice
    assert "`counterprompt prove '/studies/a b'`" in advice
    assert "180 pictures" in render_hero(open_end, lambda name, title: "")
    assert "" == second_proof_advice(content)


def test_a_second_proof_tells_of_the_first(content: ReportContent) -> None:
    """Its interval and seeds stand beside the proof, and how often luck passes; with one proof nothing is said."""
    first = replace(content.held_out, seeds=44, gain=0.2, ci95=(-0.1, 0.5))

    said = first_proof_told(replace(content, first_proof=first))

    assert "the first, on 44 other seeds, came to +0.20 σ (95 % interval -0.10 to +0.50)" in said
    assert "one of 20 studies" in said
    assert "" == first_proof_told(content)
