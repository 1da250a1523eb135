"""Studies, on fakes that ship with the product."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.generation.fake import FLAT_WORLD, FakeGenerator, FakeScorer
from counterprompt.ports import SilentProgress
from counterprompt.workflow.baseline import TuneChoices
from counterprompt.workflow.tuning import StudyAdapters, plan_tuning, refuse_used_folder, resume, tune

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from counterprompt.workflow.story import PictureStory

    TellStory = Callable[[str | None], PictureStory]

FIELDS = "Steps: 12, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 5, Size: 64x72, Clip skip: 2"


def test_more_search_seeds_are_never_held_out(story_of: TellStory) -> None:
    """Seeds the user asks for besides are new ones, and the picture's own seed stays the first."""
    plan = plan_tuning(story_of(f"a cat\n{FIELDS}"), TuneChoices(budget=400, search_seeds=12), {})

    assert 12 == len(set(plan.search_seeds) - set(plan.proof_seeds))
    assert 5 == plan.search_seeds[0]


def test_a_study_is_told_whole(story_of: TellStory, tmp_path: Path) -> None:
    """Verdict, pairs, controls and the judge's rates stand in the report, and resuming finishes at once."""
    judged: list[int] = []

    def judge(images: Sequence[Image.Image]) -> dict[str, float]:
        judged.append(len(images))
        return {"blurry": 0.5 / len(judged), "any": 0.8 / len(judged)}

    story = story_of(f"a cat\nNegative prompt: low quality\n{FIELDS}")
    plan = plan_tuning(story, TuneChoices(budget=120), {})
    generator = FakeGenerator()
    adapters = StudyAdapters(generator, FakeScorer(), SilentProgress(), judge, "blurry 90%")

    content = tune(Image.new("RGB", (64, 64)), story, plan, adapters, tmp_path / "study")
    pictures = generator.pictures
    again = resume(tmp_path / "study", adapters)

    assert "gain" == content.verdict
    assert [("any defect", 0.8, 0.4), ("blurry", 0.5, 0.25)] == [
        (rate.defect, rate.baseline, rate.winner) for rate in content.judged
    ]
    assert ["Empty negative", "Popular negative"] == [control.name for control in content.controls]
    assert pictures == content.pictures == generator.pictures
    assert ("Self-test", "blurry 90%") == content.measured[-1]
    assert content.held_out == again.held_out
    assert dict(again.measured)["Budget"].endswith("generated")
    assert dict(content.measured)["Budget"].startswith(f"{dict(again.measured)['Budget']} in ")
    with pytest.raises(InvalidInputError, match="counterprompt resume"):
        refuse_used_folder(tmp_path / "study")


def test_no_gain_keeps_the_fields(story_of: TellStory, tmp_path: Path) -> None:
    """Where nothing helps, the winner is the baseline."""
    story = story_of(f"a cat\n{FIELDS}")
    plan = plan_tuning(story, TuneChoices(budget=80), {})
    flat = replace(FLAT_WORLD, noise=0.0)
    adapters = StudyAdapters(FakeGenerator(flat), FakeScorer(), SilentProgress())

    content = tune(Image.new("RGB", (64, 64)), story, plan, adapters, tmp_path / "study")

    assert "no gain" == content.verdict
    assert content.baseline == content.winner
