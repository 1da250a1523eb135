"""Compares whole prompts by experiment: each draws on the same fresh seeds, and the dropped picture is the measure."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.search.agreement import tag_agreement
from counterprompt.search.comparison_result import ComparedPicture, Comparison, PromptVariant, rank_variants
from counterprompt.search.drawing import draw_pictures, refuse_unusable
from counterprompt.search.objective import artifact_level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counterprompt.ports import GenerationRequest, ImageGenerator, ProgressListener, ReferenceScorer, Tagger
    from counterprompt.tags.observed import ObservedTags

STAGE: Final = "comparison"

FEWEST_SEEDS: Final = 4
MOST_SEEDS: Final = 256

_FIRST_LOOK: Final = 8
"""Seeds before the first look at the ranking; each further look comes at twice as many."""


@dataclass(frozen=True)
class Comparer:
    """The adapters that a comparison needs."""

    generator: ImageGenerator
    """Draws."""
    scorer: ReferenceScorer
    """Scores, and tells likeness to the dropped picture, which it holds."""
    tagger: Tagger
    """Sees."""
    progress: ProgressListener
    """Hears."""


def compare_prompts(
    variants: Sequence[PromptVariant],
    request: GenerationRequest,
    comparer: Comparer,
    observed: ObservedTags,
    *,
    goal: str,
    seeds: int,
) -> Comparison:
    """Generate with every variant on the same fresh seeds, block by block, and rank them for *goal*.

    Drawing ends as soon as the best leads every other prompt beyond doubt at one of the looks, which come at 8, 16, 32,
    ... seeds, or after *seeds*. Ctrl-C ends it too: what all prompts have drawn by then is ranked.

    Args:
        variants: at least two; those that say the same as an earlier one are left out.
        request: everything else of the request; its seed decides which fresh seeds are drawn.
        comparer: generator, scorer and tagger.
        observed: what the tagger sees in the dropped picture.
        goal: a key of GOAL_WEIGHTS.
        seeds: how many at most, 4 to 256.

    Raises:
        InvalidInputError: fewer than two different prompts, or too few or too many seeds.
        StoppedError: it was stopped before two seeds were compared.
        GeneratorError: from the generator, or it returned another number of pictures.
        ScorerError: the scorer's answer cannot be counted on.
    """
    chosen = _different(variants)
    if not FEWEST_SEEDS <= seeds <= MOST_SEEDS:
        raise InvalidInputError(f"{seeds} seeds cannot be compared on; give {FEWEST_SEEDS} to {MOST_SEEDS}.")
    fresh = tuple(random.Random(f"comparison {request.seed}").sample(range(2**32), seeds))
    table = _Table(chosen, request, comparer, observed)
    is_stopped = False
    for look in _looks(seeds):
        is_stopped = not table.draw(fresh[:look], seeds)
        if table.width < 2:
            raise StoppedError("Stopped before two seeds were compared; run the command again to start over.")
        found = rank_variants(
            chosen, table.pictures, goal=goal, seeds=fresh[: table.width], planned=seeds, is_stopped=is_stopped
        )
        if is_stopped or found.is_settled:
            break
    return found


class _Table:
    """The pictures drawn so far: a row per prompt, a column per seed."""

    def __init__(
        self,
        variants: Sequence[PromptVariant],
        request: GenerationRequest,
        comparer: Comparer,
        observed: ObservedTags,
    ) -> None:
        self._variants = variants
        self._request = request
        self._comparer = comparer
        self._observed = observed
        self._rows: list[list[ComparedPicture]] = [[] for _ in variants]

    @property
    def width(self) -> int:
        """How many seeds all prompts have drawn on."""
        return min(map(len, self._rows))

    @property
    def pictures(self) -> list[list[ComparedPicture]]:
        """The rows, as far as all of them go."""
        return [row[: self.width] for row in self._rows]

    def draw(self, seeds: Sequence[int], planned: int) -> bool:
        """Fill the columns of *seeds* that are still empty; return whether that came to its end, unstopped."""
        block = max(1, self._comparer.generator.batch_size)
        try:
            for start in range(self.width, len(seeds), block):
                if self._comparer.progress.is_stop_requested():
                    return False
                for row, variant in zip(self._rows, self._variants):
                    row += self._drawn(variant, seeds[start : start + block])
                    done = sum(map(len, self._rows))
                    self._comparer.progress.advance(STAGE, done, planned * len(self._rows), variant.name)
        except KeyboardInterrupt:
            return False
        return True

    def _drawn(self, variant: PromptVariant, seeds: Sequence[int]) -> list[ComparedPicture]:
        scorer = self._comparer.scorer
        worded = replace(self._request, prompt=variant.prompt, negative_prompt=variant.negative_prompt)
        images = draw_pictures(self._comparer.generator, [replace(worded, seed=seed) for seed in seeds])
        measured = scorer.score(images, variant.prompt)
        refuse_unusable([each.scores for each in measured], len(images), scorer.name)
        return [
            ComparedPicture(
                seed=seed,
                image=image,
                resemblance=each.resemblance,
                agreement=tag_agreement(self._observed, seen),
                fidelity=each.scores.fidelity,
                aesthetic=each.scores.aesthetic,
                cleanliness=1 - artifact_level(each.scores),
            )
            for seed, image, each, seen in zip(seeds, images, measured, self._comparer.tagger.tag(images))
        ]


def _different(variants: Sequence[PromptVariant]) -> list[PromptVariant]:
    known: dict[tuple[str, str], PromptVariant] = {}
    for variant in variants:
        known.setdefault((variant.prompt, variant.negative_prompt), variant)
    if len(known) < 2:
        raise InvalidInputError("All prompts are the same, so there is nothing to compare; the advice stands.")
    return list(known.values())


def _looks(seeds: int) -> Iterator[int]:
    look = _FIRST_LOOK
    while look < seeds:
        yield look
        look *= 2
    yield seeds
