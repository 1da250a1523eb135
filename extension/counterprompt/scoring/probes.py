"""Antonym probes: how likely a picture has a defect, read off its CLIP embedding.

p(defect) = sigmoid(scale * e . mean(t_bad - t_good) + bias), the softmax over one antonym pair written as a sigmoid
(CLIP-IQA, Wang, Chan & Loy 2023); the mean runs over the defect's prompt pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from counterprompt.scoring.embedder import unit_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from counterprompt.scoring.embedder import ClipEmbedder
    from counterprompt.scoring.probe_table import AntonymPrompts

_INDEPENDENT: Final = 1e-6
"""Share of the strongest direction below which another adds none."""


@dataclass(frozen=True, eq=False)
class ProbeBank:
    """Every probe of one CLIP, folded into one matrix."""

    defects: tuple[str, ...]
    """What each row stands for."""
    directions: npt.NDArray[np.float64]
    """Scaled text differences, shape (k, d)."""
    biases: npt.NDArray[np.float64]
    """Shape (k,)."""

    def probabilities(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return p(defect) for unit vectors of shape (n, d): 0 to 1, shape (n, k)."""
        logits = embeddings.astype(np.float64) @ self.directions.T + self.biases
        chances: npt.NDArray[np.float64] = 0.5 * (1.0 + np.tanh(0.5 * logits))  # a sigmoid that cannot overflow
        return chances

    def strip(self, embeddings: npt.NDArray[np.float32], defects: frozenset[str]) -> npt.NDArray[np.float32]:
        """Take the directions of *defects* out of unit vectors of shape (n, d), so that these make no difference.

        This is the projection onto the orthogonal complement of the directions' span; a span that is everything is
        left in, and so are defects without a probe.

        Returns:
            Unit vectors, shape (n, d).
        """
        directions = self.directions[[row for row, defect in enumerate(self.defects) if defect in defects]]
        _, strengths, axes = np.linalg.svd(directions, full_matrices=False)
        spanned = axes[strengths > _INDEPENDENT * max(strengths, default=0.0)]
        if len(spanned) in (0, embeddings.shape[1]):
            return embeddings
        return unit_rows(embeddings - (embeddings.astype(np.float64) @ spanned.T) @ spanned)

    def without(self, defects: frozenset[str]) -> ProbeBank:
        """Return a copy that lacks the rows of *defects*."""
        kept = [row for row, defect in enumerate(self.defects) if defect not in defects]
        return ProbeBank(tuple(self.defects[row] for row in kept), self.directions[kept], self.biases[kept])


def build_probes(prompts: Sequence[AntonymPrompts], embedder: ClipEmbedder) -> ProbeBank:
    """Embed the texts of each probe once."""
    directions = [_direction(probe, embedder) for probe in prompts]
    biases = np.array([probe.bias for probe in prompts], dtype=np.float64)
    return ProbeBank(tuple(probe.defect for probe in prompts), np.stack(directions), biases)


def _direction(probe: AntonymPrompts, embedder: ClipEmbedder) -> npt.NDArray[np.float64]:
    good = embedder.embed_texts([pair[0] for pair in probe.pairs]).astype(np.float64)  # (pairs, d)
    bad = embedder.embed_texts([pair[1] for pair in probe.pairs]).astype(np.float64)
    scale = embedder.logit_scale if probe.scale is None else probe.scale
    direction: npt.NDArray[np.float64] = scale * (bad - good).mean(axis=0)
    return direction
