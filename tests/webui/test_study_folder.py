"""What a study's folder keeps of its order."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.webui.study_folder import ORDER_FILE, read_order, write_order
from counterprompt.webui.study_values import StudyOrder
from counterprompt.workflow.baseline import TuneChoices

EVERY_CHOICE = TuneChoices(
    budget=60,
    search_seeds=4,
    held_out=9,
    steps=7,
    sampler_name="DDIM",
    size=(64, 96),
    search_seed=3,
    controls=False,
    cfg_range=(4.0, 9.5),
    lora_range=(0.1, 0.9),
    lora_ranges=(("x", (0.2, 0.8)), ("y", (-1.0, 0.0))),
    score_weights=ScoreWeights(aesthetic=0.0, preference=2.0),
    minutes=12.5,
    stops_early=False,
    seed_run=2,
    layers=(NegativeLayer("base", ("blurry", "noisy"), 1.2, 0.2, 0.6), NegativeLayer("dynamic", ())),
    guard_limits=GuardLimits(noise=0.1, fidelity=2.0),
    looks_again=True,
    tries_schedules=True,
    has_anti_prompt=True,
)


def test_an_order_comes_back_as_it_was(tmp_path: Path) -> None:
    """Whatever can be chosen is of its own kind again after a round through the file, and nothing is left out here."""
    order = StudyOrder(b"abc", GenerationRequest("a cat", "", 1), EVERY_CHOICE, "Cat", 5)

    write_order(tmp_path / "study", order)

    assert [] == [each.name for each in fields(TuneChoices) if getattr(EVERY_CHOICE, each.name) == each.default]
    assert order == read_order(tmp_path / "study")


@pytest.mark.parametrize("choices", [TuneChoices(), TuneChoices(guard_limits=GuardLimits(), layers=())])
def test_what_was_left_open_stays_open(tmp_path: Path, choices: TuneChoices) -> None:
    """None comes back as None, an empty value as an empty one."""
    write_order(tmp_path / "study", StudyOrder(b"abc", choices=choices))

    assert choices == read_order(tmp_path / "study").choices


def test_an_order_with_another_guard_is_damaged(tmp_path: Path) -> None:
    """An edited file is named, with the remedy, before anything is drawn."""
    write_order(tmp_path / "study", StudyOrder(b"abc", choices=EVERY_CHOICE))
    file = tmp_path / "study" / ORDER_FILE
    file.write_text(file.read_text(encoding="utf-8").replace('"noise"', '"hue"'), encoding="utf-8")

    with pytest.raises(InvalidInputError, match=r"is damaged .*hue.* start a new study"):
        read_order(tmp_path / "study")
