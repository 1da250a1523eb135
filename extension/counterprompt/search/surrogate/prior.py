"""What is believed of every piece before any candidate was drawn.

The figures were chosen on the miniature, where pictures of many studies are likeliest under them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from counterprompt.search.surrogate.features import CandidateFeatures

    Matrix = npt.NDArray[np.float64]

MAIN_SPREAD = 0.4
"""Prior standard deviation of what one unit of a value, its square, a term with a probe, the user's own text beyond its
terms, or the crowd of terms adds, in baseline spreads."""

TERM_SPREAD = 0.2
"""The same of any other term: most say little to a model."""

STRESS_SPREAD = 0.1
"""The same of a unit of emphasis."""

PAIR_SPREAD = 0.02
"""Prior standard deviation of what a changed value adds to another piece's effect: most pairs do not interact."""

USUAL_RELIEF = 0.05
"""What a term without a probe is expected to add, in baseline spreads: a little, or nobody would offer it."""

UNLIKENESS_SPREAD = 1.0
"""Prior standard deviation of what leaving the user's own picture altogether adds: where that is unusually poor,
whatever is changed helps. How lucky the search seeds are for the user's settings is part of it."""


@dataclass(frozen=True)
class Prior:
    """Of each feature, in arrays of shape (d,)."""

    mean: Matrix
    """What its weight in the objective value is expected to be."""
    spread: Matrix
    """Standard deviation of that weight."""


def prior_of(features: CandidateFeatures, reliefs: Mapping[tuple[str, ...], float] = MappingProxyType({})) -> Prior:
    """Say what is believed of *features*; *reliefs* tell what terms, by their folded words, are expected to add."""
    offered = features.freed.sum(axis=0) > 0
    usual = [reliefs.get(word, USUAL_RELIEF if offered[at] else 0.0) for at, word in enumerate(features.words)]
    spreads = [MAIN_SPREAD if word in reliefs else TERM_SPREAD for word in features.words]
    counts = (features.texts, features.stresses, features.values, features.pairs, features.values + 1, 1)
    rest = (MAIN_SPREAD, STRESS_SPREAD, MAIN_SPREAD, PAIR_SPREAD, MAIN_SPREAD, UNLIKENESS_SPREAD)
    return Prior(
        mean=np.concatenate([usual, np.zeros(sum(counts))]),
        spread=np.concatenate([spreads, np.repeat(rest, counts)]),
    )
