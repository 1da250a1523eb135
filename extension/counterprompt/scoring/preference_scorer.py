"""A scorer joined by a preference model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.scoring.filtered import remarks_of, without_artifacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image

    from counterprompt.ports import Scorer, Scores
    from counterprompt.scoring.preference import PreferenceModel


class PreferenceScorer:
    """Implements `ports.Scorer`: what *scorer* says, with `Scores.preference` filled in by *model*."""

    def __init__(self, scorer: Scorer, model: PreferenceModel) -> None:
        self.scorer = scorer
        self.model = model

    @property
    def name(self) -> str:
        """Both, for reports."""
        return f"{self.scorer.name}, {self.model.name} as preference"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the two inside have to say of their work."""
        return (*remarks_of(self.scorer), *self.model.embedder.guest.remarks)

    @property
    def defects(self) -> tuple[str, ...] | None:
        """What the scorer inside can find; None where it does not say."""
        return getattr(self.scorer, "defects", None)

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Score each picture, in order; raises what the two inside raise."""
        preferences = self.model.score(images, prompt)
        scores = self.scorer.score(images, prompt)
        return [replace(each, preference=preference) for each, preference in zip(scores, preferences)]

    def without(self, reasons: Mapping[str, str]) -> PreferenceScorer:
        """Return a copy that leaves out the artifacts named in *reasons*."""
        return PreferenceScorer(without_artifacts(self.scorer, reasons), self.model)
