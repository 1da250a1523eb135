"""The last stages of a study: choose the best candidate, shorten it, and prove it on held-out seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.search.ablation import shorten
from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.choice import Finalist, choose
from counterprompt.search.frozen_cfg import FrozenCfg, measure_frozen_cfg
from counterprompt.search.importance import PieceEffect, piece_effects
from counterprompt.search.luck import BaselineLuck, unshared_luck
from counterprompt.search.outcome import NOT_VERIFIED, settings_of
from counterprompt.search.timing import TimedVariant, time_layers
from counterprompt.search.verification import STAGE as PROOF
from counterprompt.search.verification import HeldOut, Verdict, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.objective import Objective
    from counterprompt.search.plan import StudyPlan
    from counterprompt.search.second_proof import SecondProof
    from counterprompt.search.space import SearchSpace
    from counterprompt.search.surrogate.sampler import EffectSampler


@dataclass(frozen=True)
class Challenge:
    """The best candidate and what held-out seeds say of it."""

    candidate: Candidate | None
    """The challenger, shortened; None where nothing tried was worth proving."""
    held_out: HeldOut
    """What held-out seeds say of it."""
    is_proven: bool
    """Whether held-out seeds were drawn at all."""
    first_proof: HeldOut | None = None
    """What the first held-out seeds said, where others were asked after them; None where there was one proof."""
    effects: tuple[PieceEffect, ...] = ()
    """What each of its pieces adds, as the search believes."""
    frozen_cfg: FrozenCfg | None = None
    """How much of its gain is left with the user's own CFG scale; None where nobody looked."""
    timings: tuple[TimedVariant, ...] = ()
    """What came of its layers acting late or only at first."""


def find_challenge(
    plan: StudyPlan,
    pictures: int,
    space: SearchSpace,
    evaluator: Evaluator,
    objective: Objective,
    sampler: EffectSampler,
    second: SecondProof | None = None,
) -> Challenge:
    """Choose, shorten and prove a challenger within so many *pictures* in all; raises what `run_study` raises.

    Where the proof shows no gain and a *second* one was ordered of this very candidate, that is made too, beyond
    *pictures*.
    """
    limit = pictures - plan.proof_pictures
    finalist = choose(
        sampler, space, evaluator, objective, plan.search_seeds, plan.finalists, limit - plan.timing_pictures
    )
    if finalist is None:
        return Challenge(None, NOT_VERIFIED, False)
    shorter = shorten(
        sampler, space, evaluator, objective, finalist.params, plan.search_seeds, limit - plan.timing_pictures
    )
    candidate = space.compose(shorter, evaluator.baseline)
    timings: tuple[TimedVariant, ...] = ()
    if plan.timing_pictures:
        candidate, timings = time_layers(evaluator, objective, candidate, plan.search_seeds, limit)
    proven, held_out = _prove(plan, evaluator, candidate, finalist, plan.proof_seeds)
    first, seeds = None, plan.proof_seeds
    more = second.seeds_for(settings_of(candidate, evaluator.baseline), plan) if second else ()
    if held_out.verdict is Verdict.NO_GAIN and more:
        first, seeds = held_out, more
        evaluator.budget += 2 * len(more)
        proven, held_out = _prove(plan, evaluator, candidate, finalist, seeds)
    frozen = None
    if held_out.verdict is Verdict.GAIN:
        beyond = 0 if first is None else 2 * len(seeds)
        frozen = measure_frozen_cfg(evaluator, proven, candidate, seeds, pictures + beyond)
    return Challenge(candidate, held_out, True, first, piece_effects(sampler, shorter), frozen, timings)


def _prove(
    plan: StudyPlan, evaluator: Evaluator, candidate: Candidate, finalist: Finalist, seeds: Sequence[int]
) -> tuple[Objective, HeldOut]:
    """Prove *candidate* on *seeds* and return in which units, too."""
    for each in (BASELINE, candidate):
        evaluator.order(each, seeds, keep=True)  # both at once, where workers draw
    # The gain is told in units measured on all baseline pictures: the search seeds alone are few.
    looked_at = dict.fromkeys((*plan.search_seeds, *plan.proof_seeds, *seeds))
    objective = plan.objective_over(evaluator.scores(BASELINE, tuple(looked_at), PROOF, keep=True))
    return objective, verify(evaluator, objective, candidate, seeds, _luck(evaluator, objective, finalist, plan))


def _luck(evaluator: Evaluator, objective: Objective, finalist: Finalist, plan: StudyPlan) -> BaselineLuck:
    """Say what the search seeds, all of which *finalist* has run on, tell of the baseline's luck."""
    seeds = plan.search_seeds
    levels = [objective.level(scores) for scores in evaluator.scores(BASELINE, seeds, PROOF)]
    differences = [delta.total for delta in evaluator.deltas(objective, finalist.candidate, seeds, PROOF)]
    return BaselineLuck(tuple(levels), unshared_luck(differences, levels))
