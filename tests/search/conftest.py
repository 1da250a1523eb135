"""A user's settings, three layers and a small plan, over the fake generator's world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest, SilentProgress
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.objective import Objective, ScoreSpread
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.record import ScoreRecord
from counterprompt.search.space import space_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from counterprompt.ports import ImageGenerator, ProgressListener, Scorer

BASE = NegativeLayer("base", ("low quality", "blurry", "grainy"))
STYLE = NegativeLayer("style", ("painting", "watermark"))
STRUCTURE = NegativeLayer("structure", ("bad anatomy", "extra limbs"))


class _StopsAt(SilentProgress):
    def __init__(self, pictures: int) -> None:
        self.pictures = pictures
        self.done = 0

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        self.done = done

    def is_stop_requested(self) -> bool:
        return self.done >= self.pictures


@pytest.fixture
def stops_at() -> Callable[[int], ProgressListener]:
    """Makes a listener that asks to stop once so many pictures were asked for."""
    return _StopsAt


@pytest.fixture
def baseline() -> GenerationRequest:
    """A user's settings: a harmful negative prompt, the LoRA too strong, CFG a little low."""
    return GenerationRequest("a red house <lora:style:1>", "painting,", 7, steps=10, cfg_scale=6.0, width=32, height=32)


@pytest.fixture
def layers() -> tuple[NegativeLayer, ...]:
    """The layers on offer."""
    return (BASE, STYLE, STRUCTURE)


@pytest.fixture
def plan(baseline: GenerationRequest, layers: tuple[NegativeLayer, ...]) -> StudyPlan:
    """A plan of 100 pictures."""
    return plan_study(baseline, space_for(baseline, layers), 100)


@pytest.fixture
def objective() -> Objective:
    """An objective with plain spreads."""
    return Objective(ScoreSpread(aesthetic=0.5, artifacts=0.1, fidelity=0.01))


@pytest.fixture
def make_evaluator(baseline: GenerationRequest, tmp_path: Path) -> Iterator[Callable[..., Evaluator]]:
    """Make evaluators over one record in the test's folder."""
    records = []

    def make(generator: ImageGenerator, scorer: Scorer) -> Evaluator:
        records.append(ScoreRecord(tmp_path, scorer.name))
        return Evaluator(baseline, generator, scorer, records[-1], SilentProgress(), 100)

    yield make
    for record in records:
        record.close()
