"""Scores pictures against one picture that they are to be like, whose embedding is computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from counterprompt.ports import ReferenceScores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.scoring.clip_scorer import ClipScorer

_SHOWN: Final = 0.5
"""Probability from which a probe says that the picture has the defect."""


class ClipReferenceScorer:
    """Implements `ports.ReferenceScorer`: what *scorer* says, and how much a picture resembles *reference*.

    The defects that its probes find in *reference* count neither for nor against a picture: whoever wants a picture
    again wants what it shows, not its blur. Other defects make a picture less like it.

    Raises:
        ScorerError: the CLIP's weights are broken.
    """

    def __init__(self, scorer: ClipScorer, reference: Image.Image) -> None:
        self._scorer = scorer
        embedded = scorer.embedder.embed_pictures([reference])
        chances = scorer.probes.probabilities(embedded)[0]
        self.defects = frozenset(name for name, chance in zip(scorer.defects, chances) if chance > _SHOWN)
        self._reference = scorer.probes.strip(embedded, self.defects)[0].astype(np.float64)

    @property
    def name(self) -> str:
        """The scorer's own."""
        return self._scorer.name

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[ReferenceScores]:
        """Score each picture, in order; one pass through the CLIP serves both.

        Raises:
            ScorerError: the CLIP's weights are broken.
        """
        embeddings = self._scorer.embedder.embed_pictures(images)
        scores = self._scorer.score_embeddings(embeddings, images, prompt)
        cosines = np.clip(self._scorer.probes.strip(embeddings, self.defects) @ self._reference, -1.0, 1.0)
        return [ReferenceScores(each, float(cosine)) for each, cosine in zip(scores, cosines)]
