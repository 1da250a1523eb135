"""The use cases, on fakes that ship with the product."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest
from PIL import Image

from counterprompt.errors import InvalidInputError
from counterprompt.generation.fake import FLAT_WORLD, FakeGenerator, FakeScorer
from counterprompt.infotext.parse import parse_infotext
from counterprompt.ports import SilentProgress
from counterprompt.workflow import (
    StudyAdapters,
    TuneChoices,
    baseline_request,
    goal_named,
    plan_tuning,
    refuse_used_folder,
    resume,
    tell_story,
    tune,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counterprompt.infotext.params import GenerationParams
    from counterprompt.workflow import PictureStory

FIELDS = "Steps: 12, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 5, Size: 64x72, Clip skip: 2"


class Reading(NamedTuple):
    """What was read from a picture."""

    infotext: str | None
    params: GenerationParams | None
    program: str = "AUTOMATIC1111"
    width: int = 64
    height: int = 64


def story_of(infotext: str | None) -> PictureStory:
    """Tell the story of a picture that holds *infotext*."""
    reading = Reading(infotext, parse_infotext(infotext) if infotext else None)
    return tell_story(reading, Image.new("RGB", (64, 64)), None, "reproduce")


def test_the_baseline_is_what_the_picture_says() -> None:
    """Every setting is the embedded one, an old sampler's label in today's words."""
    request = baseline_request(story_of(f"a cat\nNegative prompt: blurry\n{FIELDS}"), TuneChoices())

    assert ("a cat", "blurry", 5, 12) == (request.prompt, request.negative_prompt, request.seed, request.steps)
    assert ("DPM++ 2M", "Karras", 6.5, 2) == (
        request.sampler_name, request.scheduler, request.cfg_scale, request.clip_skip
    )  # fmt: skip
    assert (64, 72) == (request.width, request.height)


def test_the_users_choices_overrule_the_picture() -> None:
    """Steps, sampler and size can be named."""
    choices = TuneChoices(steps=30, sampler_name="DDIM", size=(128, 256))

    request = baseline_request(story_of(f"a cat\n{FIELDS}"), choices)

    assert (30, "DDIM", 128, 256) == (request.steps, request.sampler_name, request.width, request.height)


@pytest.mark.parametrize(
    ("infotext", "said"),
    [
        (None, "no prompt"),
        ("a cat\nSteps: 99999, Sampler: Euler, Seed: 1, Size: 64x64", "99999"),
        ("a cat\nSteps: 9, Sampler: Euler, Seed: 1, Size: 65536x65536", "65536"),
        ("a cat\nSteps: 9, Sampler: Euler, Seed: 1, CFG scale: 1e9, Size: 64x64", "CFG"),
    ],
)
def test_what_cannot_be_generated_is_refused(infotext: str | None, said: str) -> None:
    """Lying numbers and missing prompts become one sentence that names the value."""
    with pytest.raises(InvalidInputError, match=said):
        baseline_request(story_of(infotext), TuneChoices())


def test_more_search_seeds_are_never_held_out() -> None:
    """Seeds the user asks for besides are new ones, and the picture's own seed stays the first."""
    plan = plan_tuning(story_of(f"a cat\n{FIELDS}"), TuneChoices(budget=400, search_seeds=12), {})

    assert 12 == len(set(plan.search_seeds) - set(plan.choice_seeds) - set(plan.proof_seeds))
    assert 5 == plan.search_seeds[0]


def test_goals_are_known_by_name() -> None:
    """An unknown goal is refused with the list of goals."""
    assert "adapt" == goal_named("adapt").value
    with pytest.raises(InvalidInputError, match="reproduce, adapt, restyle, learn"):
        goal_named("win")


def test_a_study_is_told_whole(tmp_path: Path) -> None:
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
    with pytest.raises(InvalidInputError, match="counterprompt resume"):
        refuse_used_folder(tmp_path / "study")


def test_no_gain_keeps_the_fields(tmp_path: Path) -> None:
    """Where nothing helps, the winner is the baseline."""
    story = story_of(f"a cat\n{FIELDS}")
    plan = plan_tuning(story, TuneChoices(budget=80), {})
    flat = replace(FLAT_WORLD, noise=0.0)
    adapters = StudyAdapters(FakeGenerator(flat), FakeScorer(), SilentProgress())

    content = tune(Image.new("RGB", (64, 64)), story, plan, adapters, tmp_path / "study")

    assert "no gain" == content.verdict
    assert content.baseline == content.winner
