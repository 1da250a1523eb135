"""What mattered: a plain main effect for every dimension of the search."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

from counterprompt.search.statistics import standard_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.trials import SearchTrial

FEWEST_TRIALS = 3
"""Trials needed on either side of a split."""


@dataclass(frozen=True)
class MainEffect:
    """How trials with a dimension on (or in its upper half) compare with the others."""

    name: str
    """The parameter, such as "layer:base", "term:blurry", "lora:style" or "cfg_scale"."""
    effect: float
    """Difference of mean objective values, in units of the baseline's spread; above zero: more is better."""
    standard_error: float
    """Standard error of that difference."""
    split: float
    """Values above this count as on: 0.5 for switches, the median elsewhere."""


def main_effects(trials: Sequence[SearchTrial]) -> tuple[MainEffect, ...]:
    """Estimate the main effect of every parameter, largest first; those with too few trials on one side are left out.

    The search looks more often where it finds gains, so effects are confounded: they describe it and prove nothing.
    """
    names = dict.fromkeys(name for trial in trials for name in trial.params)
    effects = (_main_effect(name, [trial for trial in trials if name in trial.params]) for name in names)
    found = [effect for effect in effects if effect is not None]
    return tuple(sorted(found, key=lambda each: -abs(each.effect)))


def _main_effect(name: str, trials: Sequence[SearchTrial]) -> MainEffect | None:
    is_switch = name == "own" or name.startswith(("layer:", "term:"))
    split = 0.5 if is_switch else median(trial.params[name] for trial in trials)
    above = [trial.value for trial in trials if trial.params[name] > split]
    below = [trial.value for trial in trials if trial.params[name] <= split]
    if min(len(above), len(below)) < FEWEST_TRIALS:
        return None
    error = (standard_error(above) ** 2 + standard_error(below) ** 2) ** 0.5
    return MainEffect(name, fmean(above) - fmean(below), error, split)
