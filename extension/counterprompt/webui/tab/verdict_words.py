"""What a study came to, in the words of the page: the verdict, its reasons, and what to do without a gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.webui.tab.pieces import render_note

if TYPE_CHECKING:
    from counterprompt.report.content import ReportContent
    from counterprompt.webui.tab.words import Words


def told_verdict(content: ReportContent, words: Words) -> str:
    """Say the outcome in one sentence with its numbers."""
    proof = content.held_out
    numbers = {
        "gain": f"{proof.gain:+.2f}",
        "low": f"{proof.ci95[0]:+.2f}",
        "high": f"{proof.ci95[1]:+.2f}",
        "seeds": proof.seeds,
        "share": f"{proof.win_rate:.0%}",
    }
    if content.is_gain:
        return words(
            "The winner beats your settings by {gain} σ on {seeds} held-out seeds (95 % interval {low} to {high}) and "
            "wins on {share} of them.",
            **numbers,
        )
    if content.only_spoils:
        return words(
            "The best candidate scores {gain} σ higher on {seeds} held-out seeds (95 % interval {low} to {high}), but "
            "spoils something else, so your fields stay as they are.",
            **numbers,
        )
    return words(
        "No gain was proven: the best candidate came to {gain} σ on {seeds} held-out seeds (95 % interval {low} to "
        "{high}), so your fields stay as they are.",
        **numbers,
    )


def told_reasons(content: ReportContent, words: Words) -> list[str]:
    """Say why there is no gain, as far as the verdict's sentence does not say it, and what an earlier proof came to."""
    return [*map(words, _reasons(content)), *_first_proof(content, words)]


def render_why_not(content: ReportContent | None, words: Words) -> str:
    """Say why nothing can be written or kept, and what to do instead; "" where there is a gain or no result yet."""
    if content is None or content.is_gain:
        return ""
    if content.telling_seeds is not None:
        return render_note(
            words(
                "Nothing was proven, so there is nothing to write or keep. If the best candidate is truly that much "
                "better, {seeds} fresh seeds (about {pictures} pictures) would show it four times in five: Prove again "
                "draws them and searches nothing anew. Or start a study with other terms or wider ranges in step 3.",
                seeds=content.telling_seeds,
                pictures=2 * content.telling_seeds,
            )
        )
    if content.only_spoils:
        return render_note(
            words(
                "What scores higher spoils something else, so there is nothing to write or keep. You may start a study "
                "with other terms or narrower ranges in step 3; the report says what was tried."
            )
        )
    return render_note(
        words(
            "Nothing was proven, so there is nothing to write or keep. You may start a study with more pictures, other "
            "terms or wider ranges in step 3; the report says what was tried."
        )
    )


def _reasons(content: ReportContent) -> list[str]:
    if content.is_gain:
        return []
    told = () if content.only_spoils else (content.reason,)
    return [*filter(None, told), *content.spoiled]


def _first_proof(content: ReportContent, words: Words) -> list[str]:
    first = content.first_proof
    if first is None:
        return []
    told = words(
        "This is the second proof: the first, on {seeds} other seeds, came to {gain} σ (95 % interval {low} to {high}) "
        "and showed no gain.",
        seeds=first.seeds,
        gain=f"{first.gain:+.2f}",
        low=f"{first.ci95[0]:+.2f}",
        high=f"{first.ci95[1]:+.2f}",
    )
    return [told]
