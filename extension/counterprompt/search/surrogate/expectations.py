"""What the baseline's pictures tell before any candidate was drawn: worthwhile terms, and how lucky they are."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.ports import defect_of
from counterprompt.prompts.folding import fold_words
from counterprompt.search.levels import artifact_level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.ports import Scores
    from counterprompt.search.objective import Objective

EFFICACY = 0.7
"""Share of a defect that the negative term of its name is expected to remove."""


def expected_reliefs(baseline: Sequence[Scores], objective: Objective) -> dict[tuple[str, ...], float]:
    """Say what the objective value would gain if each probed defect lost its expected share.

    Args:
        baseline: scores of the user's own settings, at least one.
        objective: its weights and spreads turn probabilities into objective value.

    Returns:
        The defect's folded words to what its term is expected to add, in baseline spreads, 0 and above.
    """
    weight = objective.weights.artifacts / objective.spread.artifacts
    names = dict.fromkeys(defect_of(name) for name in baseline[0].artifacts)
    return {fold_words(name): weight * fmean(_relief(scores, name) for scores in baseline) for name in names}


def own_luck(seeds: Sequence[int], baseline: Sequence[Scores], objective: Objective) -> dict[int, float]:
    """Say how far the user's own picture of each of *seeds* lies above its pictures on average, in baseline spreads."""
    levels = [objective.level(scores) for scores in baseline]
    middle = fmean(levels)
    return {seed: level - middle for seed, level in zip(seeds, levels)}


def _relief(scores: Scores, defect: str) -> float:
    """Say by how much the artifact level falls where *defect* is weakened."""
    weakened = {
        name: chance * (1 - EFFICACY) if defect_of(name) == defect else chance
        for name, chance in scores.artifacts.items()
    }
    return artifact_level(scores) - artifact_level(replace(scores, artifacts=weakened))
