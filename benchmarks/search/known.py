"""The best settings known of a task: a race of many candidates on shared seeds that serve for nothing else.

Round by round the worse three quarters leave and the seeds triple; half of the places go to children of those that
stay: a term more or less, another guidance or LoRA weight. Winners of other methods run along.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from statistics import fmean
from typing import TYPE_CHECKING, Final

from benchmarks.search.evidence import KNOWN
from benchmarks.search.results import Chosen, chosen_of
from benchmarks.search.seeds import RACE_SEEDS
from benchmarks.search.simple_methods import terms_of
from counterprompt.negative.layers import NegativeLayer
from counterprompt.prompts.extra_networks import with_lora_weight
from counterprompt.prompts.terms import split_terms
from counterprompt.search.candidate import Candidate
from counterprompt.search.evidence import terms_from_probes, without_asked
from counterprompt.search.objective import Objective, spread_of
from counterprompt.search.space import SearchSpace, own_lora_weights

if TYPE_CHECKING:
    from benchmarks.search.tasks import Task
    from benchmarks.search.work import Deadline
    from benchmarks.search.world import CachedWorld
    from counterprompt.ports import Scores

ROUNDS: Final = (6, 18, 54, 128)
"""Seeds of each round."""
FINALISTS: Final = 3
_AT_ONCE: Final = 16
"""Candidates drawn between two looks at the clock."""


class Race:
    """Searches the best settings of *task*."""

    def __init__(self, task: Task, world: CachedWorld) -> None:
        self._task, self._world = task, world
        self._draw = random.Random(f"race {task.name}")
        own = self._scores(chosen_of(task.baseline), len(RACE_SEEDS[: ROUNDS[-1]]))
        self._own = own
        self._objective = Objective(spread_of(own))
        space = task.space(world)
        if space.layers or space.dynamic_terms:
            space = space.with_dynamic_terms(without_asked(terms_from_probes(own), task.prompt))
        self._space: SearchSpace = space

    def run(self, rivals: Sequence[Chosen], pictures: int, deadline: Deadline) -> bool:
        """Race with about so many *pictures* and note the finalists; False where time was up before."""
        places = max(12, pictures // 24)
        field = list(dict.fromkeys([*rivals, *(self._random() for _ in range(places))]))
        looked: dict[Chosen, int] = {}
        for number, seeds in enumerate(ROUNDS):
            if not self._is_drawn(field, seeds, deadline):
                return False
            field = self._ranked(field, seeds)
            looked.update(dict.fromkeys(field, seeds))
            field = field[: max(FINALISTS, len(field) // 4)]
            if number < 2:
                field += [self._child(self._draw.choice(field)) for _ in range(len(field))]
        note = {"pictures": sum(looked.values()), "finalists": [asdict(each) for each in field[:FINALISTS]]}
        self._world.cache.note(KNOWN, self._task.name, note)
        return True

    def _is_drawn(self, field: Sequence[Chosen], seeds: int, deadline: Deadline) -> bool:
        """Draw *field* candidate by candidate, several at once; False where time was up."""
        for start in range(0, len(field), _AT_ONCE):
            if deadline.is_stop_requested():
                return False
            part = field[start : start + _AT_ONCE]
            self._world.measure(
                [each.request(self._task.baseline, seed) for each in part for seed in RACE_SEEDS[:seeds]]
            )
        return True

    def _ranked(self, field: Sequence[Chosen], seeds: int) -> list[Chosen]:
        means = {each: self._mean(each, seeds) for each in field}
        return sorted(means, key=lambda each: -means[each])

    def _mean(self, chosen: Chosen, seeds: int) -> float:
        scores = self._scores(chosen, seeds)
        return fmean(self._objective.delta(each, own).total for each, own in zip(scores, self._own))

    def _scores(self, chosen: Chosen, seeds: int) -> list[Scores]:
        requests = [chosen.request(self._task.baseline, seed) for seed in RACE_SEEDS[:seeds]]
        return [each.scores for each in self._world.measure(requests)]

    def _random(self) -> Chosen:
        terms = terms_of(self._space)
        count = self._draw.randint(0, min(8, len(terms)))
        layer = NegativeLayer("race", tuple(self._draw.sample(terms, count)), round(self._draw.uniform(0.8, 1.4), 1))
        candidate = Candidate(
            keeps_own=self._draw.random() < 0.5,
            layers=(layer,) if count else (),
            lora_weights=tuple(
                (lora.name, round(self._draw.uniform(lora.low, lora.high), 2)) for lora in self._space.loras
            ),
            cfg_scale=None if self._space.cfg_range is None else round(self._draw.uniform(*self._space.cfg_range), 1),
        )
        return chosen_of(candidate.render(self._task.baseline, 0))

    def _child(self, parent: Chosen) -> Chosen:
        """Change one thing of *parent*."""
        change = self._draw.choice(("cfg", "lora", "terms", "terms", "terms"))
        if change == "cfg" and self._space.cfg_range is not None:
            low, high = self._space.cfg_range
            return replace(parent, cfg_scale=round(min(high, max(low, parent.cfg_scale + self._draw.gauss(0, 1))), 1))
        if change == "lora" and self._space.loras:
            lora = self._draw.choice(self._space.loras)
            now = own_lora_weights(parent.prompt).get(lora.name, lora.high)
            weight = round(min(lora.high, max(lora.low, now + self._draw.gauss(0, 0.1))), 2)
            return replace(parent, prompt=with_lora_weight(parent.prompt, lora.name, weight))
        return self._reworded(parent)

    def _reworded(self, parent: Chosen) -> Chosen:
        terms = [term.text for term in split_terms(parent.negative_prompt)]
        term = self._draw.choice(terms_of(self._space) or terms)
        changed = [each for each in terms if each != term] if term in terms else [*terms, term]
        return replace(parent, negative_prompt=", ".join(changed[:15]))
