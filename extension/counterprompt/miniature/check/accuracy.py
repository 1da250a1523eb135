"""How often something that looks at pictures is right."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def f1_score(tag: str, seen: Sequence[frozenset[str]], truth: Sequence[frozenset[str]]) -> float:
    """Return the harmonic mean of precision and recall of *tag*, 0 to 1; 1 where it is neither seen nor true."""
    both = sum(tag in found and tag in true for found, true in zip(seen, truth))
    either = sum(tag in found for found in seen) + sum(tag in true for true in truth)
    return 2 * both / either if either else 1.0


def roc_area(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """Area under the ROC curve: how often a picture with the defect scores above one without, ties counting half."""
    ranked = sorted(zip(scores, truth))
    positives = sum(truth)
    negatives = len(truth) - positives
    if not positives or not negatives:
        return float("nan")
    total = 0.0
    position = 0
    for _, group in itertools.groupby(ranked, key=lambda pair: pair[0]):
        members = [true for _, true in group]
        total += sum(members) * (position + (len(members) + 1) / 2)
        position += len(members)
    return (total - positives * (positives + 1) / 2) / (positives * negatives)
