"""The outcome of a study in one sentence, the same on the terminal, in the report and in JSON."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterprompt.report.content import ReportContent


def verdict_sentence(content: ReportContent) -> str:
    """Say the outcome in one plain sentence with its numbers."""
    proof = content.held_out
    low, high = proof.ci95
    numbers = f"{proof.gain:+.2f} σ on {proof.seeds} held-out seeds (95 % interval {low:+.2f} to {high:+.2f})"
    if _is_decided_by_choices(content):
        return f"{content.reason} The score says: {numbers}."
    if content.is_gain:
        return f"The winner beats your settings by {numbers} and wins on {proof.win_rate:.0%} of them."
    if content.only_spoils:
        spoiled = " ".join(content.spoiled)
        return f"The best candidate scores {numbers}, but spoils something else, so your fields stay. {spoiled}"
    return f"No gain was proven: the best candidate came to {numbers}, so your fields stay as they are."


def further_reason(content: ReportContent) -> str:
    """Return why there is no gain where the sentence does not say it already; "" otherwise."""
    is_said = content.is_gain or content.only_spoils or _is_decided_by_choices(content)
    return "" if is_said else content.reason


def first_proof_told(content: ReportContent) -> str:
    """Say in a sentence or two what an earlier proof came to; "" where there was none."""
    first = content.first_proof
    if first is None:
        return ""
    return (
        f"This is the second proof: the first, on {first.seeds} other seeds, came to {first.gain:+.2f} σ (95 % "
        f"interval {first.ci95[0]:+.2f} to {first.ci95[1]:+.2f}) and showed no gain. With two proofs luck alone shows "
        "a gain in one of 20 studies where there is none."
    )


def second_proof_advice(content: ReportContent) -> str:
    """Say what a second proof would take and how to ask for it; "" where none is worth it."""
    if content.telling_seeds is None:
        return ""
    return (
        f"If it is truly that much better, a second proof on {content.telling_seeds} fresh seeds (about "
        f"{2 * content.telling_seeds} pictures) would show it four times in five; ask for it with "
        f"`counterprompt prove {shlex.quote(content.study)}`, or in the tab where the study was begun there."
    )


def _is_decided_by_choices(content: ReportContent) -> bool:
    return content.own_choices is not None and bool(content.own_choices.decided)
