"""Stands for the generator and the scorer of a study whose pictures are all there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.errors import GeneratorError, ScorerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.ports import GenerationRequest, Scores


class Archive:
    """Implements `ImageGenerator` and `Scorer` for a study that is only looked at; it can do neither."""

    batch_size = 1
    """Nothing is drawn."""

    def __init__(self, name: str) -> None:
        self.name = name

    def lora_names(self) -> frozenset[str] | None:
        """It does not know."""
        return None

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Refuse.

        Raises:
            GeneratorError: always.
        """
        raise GeneratorError("The study has not drawn all pictures of your own settings yet; let it run on first.")

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Refuse.

        Raises:
            ScorerError: always.
        """
        raise ScorerError("A study that is only looked at scores nothing.")
