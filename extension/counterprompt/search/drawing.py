"""Asks a generator and a scorer, and refuses answers that cannot be counted on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from counterprompt.errors import GeneratorError, ScorerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.ports import GenerationRequest, ImageGenerator, Scores


def draw_pictures(generator: ImageGenerator, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
    """Generate one picture for each of *requests*, in order.

    Raises:
        GeneratorError: from the generator, or it returned another number of pictures.
    """
    images = generator.generate(requests)
    if len(images) != len(requests):
        raise GeneratorError(
            f"{generator.name} returned {len(images)} pictures for {len(requests)} requests; "
            "set its batch size to 1 and run the command again."
        )
    return images


def refuse_unusable(scores: Sequence[Scores], pictures: int, scorer_name: str) -> None:
    """Refuse *scores* that are not one for each of so many *pictures*, or that hold a number which is not finite.

    Raises:
        ScorerError: they are such.
    """
    if len(scores) != pictures:
        raise ScorerError(f"{scorer_name} returned {len(scores)} scores for {pictures} pictures; use another scorer.")
    for each in scores:
        numbers = (each.aesthetic, each.fidelity, *each.artifacts.values(), *each.signals.values())
        if not all(map(math.isfinite, numbers)):
            raise ScorerError(f"{scorer_name} gave a picture a score that is not a number; check its model files.")
