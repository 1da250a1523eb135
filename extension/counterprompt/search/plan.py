"""What a study is asked to do, in full: the plan alone is enough to resume it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.objective import Objective, spread_of
from counterprompt.search.picture_split import draw_seeds, usual_finalists, usual_proof_seeds, usual_search_seeds
from counterprompt.search.score_weights import ScoreWeights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterprompt.ports import GenerationRequest, Scores
    from counterprompt.search.space import SearchSpace


SMALLEST_BUDGET = 40
"""Pictures below which nothing could be proven."""


@dataclass(frozen=True)
class StudyPlan:
    """Everything that determines a study, apart from the generator and the scorer."""

    baseline: GenerationRequest
    """The user's own settings."""
    space: SearchSpace
    """What may be varied."""
    search_seeds: tuple[int, ...]
    """Seeds that all candidates share in the search, at least two."""
    proof_seeds: tuple[int, ...]
    """Held-out seeds on which the gain is estimated, at least two; used for nothing else."""
    picture_budget: int
    """Most pictures to generate, verification included."""
    finalists: int = 3
    """How many candidates run on all search seeds before one of them is chosen."""
    score_weights: ScoreWeights = field(default_factory=ScoreWeights)
    """How much each score component counts."""
    guard_limits: GuardLimits = field(default_factory=GuardLimits)
    """How far the guards may move before they are broken."""
    looks_again: bool = False
    """Whether the pictures of the best candidates are looked at while the search runs, for words to offer besides."""
    anti_prompt_seeds: int = 0
    """On how many search seeds the model is asked for the opposite of the prompt, for words to offer; 0: not at all."""
    tries_schedules: bool = False
    """Whether the leading candidate is tried with its layers acting late or only at first."""
    search_seed: int = 0
    """Seed of the search sampler; the same plan gives the same study."""
    notes: tuple[tuple[str, str], ...] = ()
    """What the caller wants to find again on resuming, such as the generator's address; never a secret."""
    minutes: float | None = None
    """Most minutes that the study may run, controls included, or None; `picture_budget` is kept too."""
    has_controls: bool = False
    """Whether an empty and a popular negative are drawn on the proof seeds afterwards, beyond `picture_budget`."""

    stops_early: bool = False
    """Whether the search ends when nothing that it could still try is likely to gain anything worthwhile."""

    def __post_init__(self) -> None:
        seeds = (*self.search_seeds, *self.proof_seeds)
        if len(set(seeds)) != len(seeds):
            raise InvalidInputError("A seed of the plan occurs twice; held-out seeds must be new ones.")
        if min(len(self.search_seeds), len(self.proof_seeds)) < 2 or self.finalists < 1:
            raise InvalidInputError("A plan needs two seeds or more for each stage and one finalist or more.")
        if self.minutes is not None and not 0 < self.minutes < math.inf:
            raise InvalidInputError(f"{self.minutes:g} minutes are no time to work in; give more than 0.")
        if self.search_pictures < 2 * len(self.search_seeds):
            raise InvalidInputError(
                f"A budget of {self.picture_budget} pictures leaves {self.search_pictures} for the search; "
                f"give at least {self.picture_budget - self.search_pictures + 2 * len(self.search_seeds)}."
            )

    @property
    def choice_pictures(self) -> int:
        """Most pictures that choosing among the finalists can take."""
        return self.finalists * len(self.search_seeds)

    @property
    def ablation_pictures(self) -> int:
        """Pictures set aside for shortening the winner: a tenth, none of a small budget."""
        return self.picture_budget // 10 if self.picture_budget >= 120 else 0

    @property
    def frozen_pictures(self) -> int:
        """Pictures set aside for the winner with the user's own CFG scale, where CFG is varied; none of a small budget.

        One for every third proof seed: the share of CFG in the gain is told, not proven.
        """
        return len(self.proof_seeds) // 3 if self.space.cfg_range is not None and self.picture_budget >= 120 else 0

    @property
    def timing_pictures(self) -> int:
        """Pictures set aside for trying schedules, where that is wished for; none of a small budget."""
        return 2 * len(self.search_seeds) if self.tries_schedules and self.picture_budget >= 120 else 0

    @property
    def proof_pictures(self) -> int:
        """Pictures set aside for the proof and for the share of CFG in it."""
        return 2 * len(self.proof_seeds) + self.frozen_pictures

    @property
    def pictures_after(self) -> int:
        """Pictures that the controls take after the study."""
        return 2 * len(self.proof_seeds) if self.has_controls else 0

    @property
    def search_pictures(self) -> int:
        """Pictures left for the search itself, the baseline's included."""
        aside = self.choice_pictures + self.ablation_pictures + self.timing_pictures + self.proof_pictures
        return self.picture_budget - aside

    def objective_over(self, baseline: Sequence[Scores]) -> Objective:
        """Return the objective whose units are the spread of the *baseline*'s scores over its seeds (at least two)."""
        return Objective(spread_of(baseline), self.score_weights, self.guard_limits)


def plan_study(
    baseline: GenerationRequest,
    space: SearchSpace,
    picture_budget: int = 240,
    *,
    proof_seeds: int | None = None,
    search_seeds: int | None = None,
    score_weights: ScoreWeights | None = None,
    guard_limits: GuardLimits | None = None,
    looks_again: bool = False,
    anti_prompt_seeds: int = 0,
    tries_schedules: bool = False,
    search_seed: int = 0,
    notes: Mapping[str, str] | None = None,
    minutes: float | None = None,
    has_controls: bool = False,
    seed_run: int = 1,
    stops_early: bool = False,
) -> StudyPlan:
    """Split *picture_budget* (at least 40) over search and verification and draw the seeds.

    The baseline's own seed is the first search seed. *proof_seeds* is how many fresh seeds the gain is estimated on
    (two pictures each); by default what `usual_proof_seeds` says, 4 to 64. *search_seeds* is how
    many all candidates share in the search; by default 4 to 16, more with a larger budget. *looks_again*,
    *anti_prompt_seeds* and *tries_schedules* are explained at `StudyPlan`. With *minutes* the seeds are cut down to
    what the time allows, once it is known how long a picture takes. They come in runs of *seed_run* consecutive ones,
    for generators that draw only such together.

    Raises:
        InvalidInputError: the budget is too small for what was asked.
    """
    if picture_budget < SMALLEST_BUDGET:
        raise InvalidInputError(
            f"A budget of {picture_budget} pictures proves nothing; give at least {SMALLEST_BUDGET}."
        )
    searched = search_seeds or usual_search_seeds(picture_budget)
    proven = usual_proof_seeds(picture_budget) if proof_seeds is None else proof_seeds
    seeds = draw_seeds(baseline.seed, searched + proven, search_seed, seed_run)
    return StudyPlan(
        baseline=baseline,
        space=replace(space, single_terms=True),
        search_seeds=seeds[:searched],
        proof_seeds=seeds[searched:],
        picture_budget=picture_budget,
        finalists=usual_finalists(picture_budget),
        score_weights=score_weights or ScoreWeights(),
        guard_limits=guard_limits or GuardLimits(),
        looks_again=looks_again,
        anti_prompt_seeds=anti_prompt_seeds,
        tries_schedules=tries_schedules,
        search_seed=search_seed,
        notes=tuple(sorted((notes or {}).items())),
        minutes=minutes,
        has_controls=has_controls,
        stops_early=stops_early,
    )


def resized_plan(plan: StudyPlan, pictures: int) -> StudyPlan:
    """Return *plan* for at most so many *pictures* (at least 40), with no more seeds and finalists than suit them."""
    if pictures >= plan.picture_budget:
        return plan
    return replace(
        plan,
        picture_budget=pictures,
        search_seeds=plan.search_seeds[: usual_search_seeds(pictures)],
        proof_seeds=plan.proof_seeds[: usual_proof_seeds(pictures)],
        finalists=min(plan.finalists, usual_finalists(pictures)),
    )
