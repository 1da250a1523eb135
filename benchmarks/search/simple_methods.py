"""What people do without this product, each with the same objective and, where it has one, the same space."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from benchmarks.search.trying import SEEDS, Trying
from counterprompt.negative.layers import NegativeLayer
from counterprompt.report.controls import POPULAR_TERMS
from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.space import own_lora_weights

if TYPE_CHECKING:
    from counterprompt.search.space import SearchSpace

_POPULAR: Final = Candidate(keeps_own=False, layers=(NegativeLayer("popular", POPULAR_TERMS),))
_GRID_CFG: Final = (4.0, 5.5, 7.0, 8.5, 10.0)
_GRID_LORA: Final = (0.5, 0.7, 0.9)


def plain_optuna(trying: Trying, repetition: int) -> None:
    """Optuna as it comes: its default TPE, four common seeds for each trial."""
    from optuna.samplers import TPESampler

    _optimise(trying, TPESampler(seed=repetition), lambda number: None)


def layered_optuna(trying: Trying, repetition: int) -> None:
    """The same in an easier space: whole layers on or off, single terms only where evidence named them."""
    from optuna.samplers import TPESampler

    trying.space = trying.whole_layers
    _optimise(trying, TPESampler(seed=repetition), lambda number: None)


def independent_optuna(trying: Trying, repetition: int) -> None:
    """The same, but every trial on four new seeds: what differs is luck as well."""
    from optuna.samplers import TPESampler

    draw = random.Random(f"independent {repetition}")
    _optimise(trying, TPESampler(seed=repetition), lambda number: draw.sample(range(2**32), SEEDS))


def random_search(trying: Trying, repetition: int) -> None:
    """Candidates at random from the same space, on four common seeds."""
    from optuna.samplers import RandomSampler

    count = (trying.budget - trying.pictures) // SEEDS
    study = _study(RandomSampler(seed=repetition))
    candidates = [trying.space.suggest_candidate(study.ask(), trying.baseline) for _ in range(count)]
    trying.draw_ahead(candidates)
    for candidate in candidates:
        trying.value(candidate)


def hill_climb(trying: Trying, repetition: int) -> None:
    """Add or remove one term at a time, and keep it when four pictures look better on average."""
    draw = random.Random(f"climb {repetition}")
    terms = terms_of(trying.space)
    best, best_value = BASELINE, trying.value(BASELINE)
    for _ in range(trying.budget):
        if not trying.affords() or not terms:
            return
        attempt = _neighbour(best, draw, terms, bool(trying.baseline.negative_prompt.strip()))
        value = trying.value(attempt)
        if value > best_value:
            best, best_value = attempt, value


def grid(trying: Trying, repetition: int) -> None:
    """An X/Y/Z plot as a person draws it: guidance by negatives by LoRA weight, as many seeds as the budget allows."""
    cells = _cells(trying, len(_GRID_CFG))
    if len(cells) > trying.budget - trying.pictures:
        cells = _cells(trying, 3)
    seeds = trying.seeds[: max(1, min(SEEDS, (trying.budget - trying.pictures) // len(cells)))]
    for candidate in cells:
        if trying.affords(1, len(seeds)):
            trying.value(candidate, seeds)


def popular_negative(trying: Trying, repetition: int) -> None:
    """Paste the popular negative and look at nothing."""
    from benchmarks.search.results import Incumbent, chosen_of

    trying.trace = [Incumbent(0, chosen_of(_POPULAR.render(trying.baseline, 0)), 0.0)]


def _study(sampler: Any) -> Any:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna.create_study(direction="maximize", sampler=sampler)


def _optimise(trying: Trying, sampler: Any, seeds_of: Callable[[int], list[int] | None]) -> None:
    study = _study(sampler)
    for number in range(trying.budget):
        if not trying.affords():
            return
        trial = study.ask()
        candidate = trying.space.suggest_candidate(trial, trying.baseline)
        study.tell(trial, trying.value(candidate, seeds_of(number)))


def terms_of(space: SearchSpace) -> list[str]:
    """Return every term that *space* has on offer, each once."""
    return list(dict.fromkeys([*space.dynamic_terms, *itertools.chain(*(layer.terms for layer in space.layers))]))


def _neighbour(candidate: Candidate, draw: random.Random, terms: list[str], has_own: bool) -> Candidate:
    if has_own and draw.random() < 0.1:
        return replace(candidate, keeps_own=not candidate.keeps_own)
    now = candidate.layers[0].terms if candidate.layers else ()
    term = draw.choice(terms)
    changed = tuple(each for each in now if each != term) if term in now else (*now, term)
    return replace(candidate, layers=(NegativeLayer("climb", changed),) if changed else ())


def _cells(trying: Trying, guidances: int) -> list[Candidate]:
    space, own = trying.space, own_lora_weights(trying.baseline.prompt)
    cfgs = _GRID_CFG if guidances == len(_GRID_CFG) else _GRID_CFG[::2]
    negatives = [BASELINE, Candidate(keeps_own=False, layers=space.layers), _POPULAR]
    if space.layers:
        negatives.insert(1, Candidate(keeps_own=False, layers=space.layers[:1]))
    loras = [tuple((name, weight) for name in own) for weight in _GRID_LORA] if own else [()]
    scales: list[float | None] = [
        cfg for cfg in cfgs if space.cfg_range and space.cfg_range[0] <= cfg <= space.cfg_range[1]
    ]
    return [
        replace(negative, cfg_scale=cfg, lora_weights=weights)
        for cfg, negative, weights in itertools.product(scales or [None], negatives, loras)
    ]
