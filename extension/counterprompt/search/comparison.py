"""Compares whole prompts by experiment: each draws on the same fresh seeds, and the dropped picture is the measure."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.search.comparison_result import ComparedPicture, Comparison, PromptVariant, rank_variants
from counterprompt.search.objective import artifact_level
from counterprompt.search.source import refuse_unusable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.ports import GenerationRequest, ImageGenerator, ProgressListener, ReferenceScorer, Tagger
    from counterprompt.tags.observed import ObservedTags

STAGE: Final = "comparison"


@dataclass(frozen=True)
class Comparer:
    """The adapters that a comparison needs, and the picture that everything is held against."""

    generator: ImageGenerator
    """Draws."""
    scorer: ReferenceScorer
    """Scores and tells likeness."""
    tagger: Tagger
    """Sees."""
    progress: ProgressListener
    """Hears."""
    reference: Image.Image
    """The dropped picture."""


def compare_prompts(
    variants: Sequence[PromptVariant], request: GenerationRequest, comparer: Comparer, *, goal: str, seeds: int
) -> Comparison:
    """Generate with every variant on the same fresh *seeds*, block by block, and rank them for *goal*.

    Args:
        variants: at least two; those that say the same as an earlier one are left out.
        request: everything else of the request; its seed decides which fresh seeds are drawn.
        comparer: generator, scorer, tagger and the dropped picture.
        goal: a key of GOAL_WEIGHTS.
        seeds: how many, 4 to 256.

    Raises:
        InvalidInputError: fewer than two different prompts, or too few or too many seeds.
        StoppedError: the listener asked to stop before there was anything to tell; later, what is there is told.
        GeneratorError: from the generator.
    """
    chosen = _different(variants)
    if not 4 <= seeds <= 256:
        raise InvalidInputError(f"{seeds} seeds cannot be compared on; give 4 to 256.")
    fresh = random.Random(f"comparison {request.seed}").sample(range(2**32), seeds)
    observed = comparer.tagger.tag([comparer.reference])[0]
    pictures: list[list[ComparedPicture]] = [[] for _ in chosen]
    block = max(1, min(seeds, comparer.generator.batch_size))
    for start in range(0, seeds, block):
        if comparer.progress.is_stop_requested():
            break
        for row, variant in enumerate(chosen):
            pictures[row] += _draw(variant, request, fresh[start : start + block], comparer, observed)
            done = sum(map(len, pictures))
            comparer.progress.advance(STAGE, done, seeds * len(chosen), variant.name)
    drawn = len(pictures[-1])
    if drawn < 2:
        raise StoppedError("Stopped before two seeds were compared; run the command again to start over.")
    return rank_variants(chosen, pictures, goal=goal, seeds=tuple(fresh[:drawn]))


def tag_agreement(one: ObservedTags, other: ObservedTags) -> float:
    """Compare what a tagger sees in two pictures: shared confidence over all confidence, 0 to 1.

    This is the Ruzicka similarity, sum of minima over sum of maxima; of two empty sides it is 1.
    """
    first = {tag.name: tag.confidence for tag in one.tags}
    second = {tag.name: tag.confidence for tag in other.tags}
    names = first.keys() | second.keys()
    shared = sum(min(first.get(name, 0.0), second.get(name, 0.0)) for name in names)
    every = sum(max(first.get(name, 0.0), second.get(name, 0.0)) for name in names)
    return shared / every if every else 1.0


def _different(variants: Sequence[PromptVariant]) -> list[PromptVariant]:
    known: dict[tuple[str, str], PromptVariant] = {}
    for variant in variants:
        known.setdefault((variant.prompt, variant.negative_prompt), variant)
    if len(known) < 2:
        raise InvalidInputError("All prompts are the same, so there is nothing to compare; the advice stands.")
    return list(known.values())


def _draw(
    variant: PromptVariant,
    request: GenerationRequest,
    seeds: Sequence[int],
    comparer: Comparer,
    observed: ObservedTags,
) -> list[ComparedPicture]:
    worded = replace(request, prompt=variant.prompt, negative_prompt=variant.negative_prompt)
    images = comparer.generator.generate([replace(worded, seed=seed) for seed in seeds])
    measured = comparer.scorer.score_against(images, variant.prompt, comparer.reference)
    refuse_unusable([each.scores for each in measured], comparer.scorer.name)
    return [
        ComparedPicture(
            seed=seed,
            image=image,
            resemblance=each.resemblance,
            agreement=tag_agreement(observed, seen),
            fidelity=each.scores.fidelity,
            aesthetic=each.scores.aesthetic,
            cleanliness=1 - artifact_level(each.scores),
        )
        for seed, image, each, seen in zip(seeds, images, measured, comparer.tagger.tag(images))
    ]
