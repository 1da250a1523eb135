"""How sure an advice is, and what that rests on.

The number is a probability: how often advice that stood on equally strong grounds was right on constructed cases
(`benchmarks/advice_confidence.py`: 600 cases, each seen by four taggers from nearly perfect to F1 0.6, which is about
what the best published taggers reach on new pictures). Four grounds, each 0 to 1, multiply to a *strength*; a logistic
of it, with two fitted constants, is the probability. How much each ground counts was judged by trying a few round
numbers on the same cases.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.tags.classes import DiffClass

if TYPE_CHECKING:
    from counterprompt.advice.case import Case
    from counterprompt.tags.classes import DiffEntry

CLEAR_SHARE: Final = 0.65
"""Share of the weight that one side must have to win alone."""
_UNSEEN: Final = 2
"""Things that a tagger is taken to overlook in any picture: a picture of which it shows little may hold more."""
_UNASKED: Final = 0.8
"""What a sighting counts that nobody asked for: that the prompt asks for a thing makes it likelier to be there."""
_DOUBTS: Final = {"clearness": 0.25, "known": 0.1, "observable": 0.05}
"""Share of the strength that each ground takes away where it is 0."""
_TAGS_ALONE: Final = 0.85
"""What is left of the strength where the prompt is made of tags alone, so that every tag overlooked is lacking."""
INTERCEPT: Final = -5.5
"""Log-odds of being right on no grounds at all, fitted on the seeds from 0 on."""
SLOPE: Final = 18.8
"""Log-odds that a strength of 1 adds, fitted on the seeds from 0 on; above 0, so that more grounds make it surer."""
_LEAST, _MOST = 0.01, 0.99
"""A few thousand constructed cases can vouch for no less and no more."""


@dataclass(frozen=True)
class Certainty:
    """How sure an advice is."""

    confidence: float
    """How likely the advice is right, 0.01 to 0.99; rises with each ground and falls with none."""
    rests_on: tuple[str, ...]
    """One sentence for each of these."""
    strength: float
    """What the confidence is a logistic of, 0 to 1."""


def judge_certainty(case: Case, embedded: float, reverse: float, *, is_tags_alone: bool = False) -> Certainty:
    """Judge how sure the choice is that follows from two sums of weights.

    Args:
        case: what was looked at.
        embedded: weight of the reasons for the embedded prompt, 0 or more.
        reverse: weight of those for the reverse tags, 0 or more.
        is_tags_alone: whether the proposed prompt is made of the tags alone.
    """
    total = embedded + reverse
    grounds = {
        "clearness": _clearness(embedded / total if total else 0.5),
        "known": case.resources.known_share,
        "observable": _observable_share(case),
    }
    strength = _sight(case) * (_TAGS_ALONE if is_tags_alone else 1.0)
    strength *= math.prod(1 - doubt * (1 - grounds[name]) for name, doubt in _DOUBTS.items())
    return Certainty(round(chance_of(strength), 3), _sentences(case, embedded, reverse, grounds), strength)


def chance_of(strength: float, intercept: float = INTERCEPT, slope: float = SLOPE) -> float:
    """Return how likely advice on grounds of *strength*, 0 to 1, is right: 0.01 to 0.99."""
    return min(_MOST, max(_LEAST, 1 / (1 + math.exp(-intercept - slope * strength))))


def _sight(case: Case) -> float:
    """Return how much of the picture the tagger vouches for, 0 where it saw nothing to below 1."""
    sights = sum(entry.confidence for entry in case.shown)
    doubted = (1 - _UNASKED) * sum(entry.confidence for entry in case.unasked)
    return (sights - doubted) / (len(case.shown) + _UNSEEN)


def _sentences(case: Case, embedded: float, reverse: float, grounds: dict[str, float]) -> tuple[str, ...]:
    shown = len(case.shown)
    sure = sum(entry.confidence for entry in case.shown) / shown if shown else 0.0
    things = "1 thing" if shown == 1 else f"{shown} things"
    return (
        f"The reasons weigh {embedded:.3g} for the embedded prompt and {reverse:.3g} for the tags.",
        _observable_sentence(case, grounds["observable"]),
        f"The tagger saw {things} and is {sure:.0%} sure of what it saw.",
        _files_sentence(grounds["known"]),
    )


def _files_sentence(known: float) -> str:
    if not known:
        return "Nobody knows whether the files that made the picture are here; --inventory tells."
    return f"It is known of {known:.0%} of the files that made the picture whether they are here."


def _clearness(share: float) -> float:
    """Return how far *share* is from where the choice changes, 0 at the border to 1 at the farthest."""
    lean = max(share, 1 - share)
    if lean >= CLEAR_SHARE:
        return (lean - CLEAR_SHARE) / (1 - CLEAR_SHARE)
    return (CLEAR_SHARE - lean) / (CLEAR_SHARE - 0.5)


def _asked(case: Case) -> list[DiffEntry]:
    entries = (entry for entry in case.diff.entries if entry.diff_class is not DiffClass.UNEXPECTED)
    return [entry for entry in entries if not entry.is_negated and entry.weight > 0]


def _observable_sentence(case: Case, share: float) -> str:
    if not _asked(case):
        return "The prompt asks for nothing that could be looked for."
    return f"The tagger can judge {share:.0%} of what the prompt asks for."


def _observable_share(case: Case) -> float:
    asked = _asked(case)
    seen = [entry for entry in asked if entry.diff_class is not DiffClass.UNOBSERVABLE]
    total = sum(entry.weight for entry in asked)
    return sum(entry.weight for entry in seen) / total if total else float(bool(case.shown))
