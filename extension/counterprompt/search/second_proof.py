"""A second proof of a candidate that the first could not tell from luck, on other fresh seeds, asked for by the user.

Each proof can be fooled by luck once in forty times, so there are two at most: together once in twenty. How many seeds
the second has is kept in the study's folder, so that one that is interrupted goes on like the study itself.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import InvalidInputError
from counterprompt.search.folder import load_outcome, read_json, write_json
from counterprompt.search.picture_split import draw_seeds
from counterprompt.search.statistics import student_t_quantile
from counterprompt.search.verification import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.search.plan import StudyPlan

SECOND_PROOF_FILE: Final = "second_proof.json"
FEWEST_SEEDS: Final = 8
MOST_SEEDS: Final = 512

_SEED_RUN: Final = 8
"""Consecutive seeds, as a WebUI draws them together."""
_SURE: Final = 1.959964
"""Standard errors that a proven gain lies above zero, for many seeds."""
_LIKELY: Final = 0.841621
"""Standard errors above that which make a proof succeed four times in five."""


def telling_seeds(gain: float, ci95: tuple[float, float], seeds: int) -> int | None:
    """Return on how many fresh seeds a gain that is truly so large would be proven four times in five.

    Args:
        gain: as measured.
        ci95: its 95 % interval.
        seeds: how many it was measured on.

    Returns:
        8 and more; None where the gain is not above zero, or so small that more than 512 would be needed.
    """
    if gain <= 0 or seeds < 2:
        return None
    spread = (ci95[1] - ci95[0]) / 2 / student_t_quantile(0.975, seeds - 1) * math.sqrt(seeds)
    wanted = max(FEWEST_SEEDS, math.ceil(((_SURE + _LIKELY) * spread / gain) ** 2))
    return wanted if wanted <= MOST_SEEDS else None


def order_second_proof(folder: Path, seeds: int | None = None) -> int:
    """Note that the ended study in *folder* is to prove its best candidate once more, and return on how many seeds.

    The study does so when it is run again. *seeds* is 8 to 512; by default what `telling_seeds` says.

    Raises:
        InvalidInputError: the study has not ended, has proven its gain, has nothing to prove, or had its second proof.
    """
    outcome = load_outcome(folder)
    if outcome is None:
        raise InvalidInputError(f"The study in {folder} has not ended; go on with it first.")
    if outcome.get("verdict") == Verdict.GAIN.value:
        raise InvalidInputError(f"The study in {folder} has proven its gain; nothing is left to prove.")
    if outcome.get("first_proof") is not None:
        raise InvalidInputError(
            f"The study in {folder} had its second proof; with a third luck would pass too often, so start a new one."
        )
    wanted = _default_seeds(outcome, folder) if seeds is None else seeds
    if not FEWEST_SEEDS <= wanted <= MOST_SEEDS:
        raise InvalidInputError(f"{wanted} seeds are no second proof; give {FEWEST_SEEDS} to {MOST_SEEDS}.")
    write_json(folder / SECOND_PROOF_FILE, {"seeds": wanted})
    return wanted


def ordered_seeds(folder: Path) -> int:
    """Return how many seeds the second proof of the study in *folder* has; 0 where none was ordered.

    Raises:
        InvalidInputError: what was noted is damaged.
    """
    path = folder / SECOND_PROOF_FILE
    if not path.exists():
        return 0
    seeds = read_json(path).get("seeds")
    if not isinstance(seeds, int) or not FEWEST_SEEDS <= seeds <= MOST_SEEDS:
        raise InvalidInputError(f"{path} is damaged; delete it, then order the second proof again.")
    return seeds


def second_proof_seeds(plan: StudyPlan, count: int) -> tuple[int, ...]:
    """Draw so many seeds that nothing in *plan* was drawn on; fewer of them are the first ones of more."""
    used = {*plan.search_seeds, *plan.proof_seeds}
    start = random.Random(f"second proof {plan.search_seed}").randrange(2**32)
    drawn = draw_seeds(start, count + len(used), plan.search_seed + 1, _SEED_RUN)
    return tuple(seed for seed in drawn if seed not in used)[:count]


def _default_seeds(outcome: dict[str, Any], folder: Path) -> int:
    held_out = outcome.get("held_out") or {}
    pairs = held_out.get("pairs") or ()
    low, high = held_out.get("ci95") or (0.0, 0.0)
    seeds = telling_seeds(float(held_out.get("gain") or 0.0), (float(low), float(high)), len(pairs))
    if seeds is None:
        raise InvalidInputError(
            f"The best candidate of the study in {folder} came out too little better, if at all, for a second proof; "
            "start a new study, or say on how many seeds it is wanted all the same."
        )
    return seeds
