"""The settings that everything else is measured against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.workflow.baseline import TuneChoices, baseline_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.workflow.story import PictureStory

    TellStory = Callable[[str | None], PictureStory]

FIELDS = "Steps: 12, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 5, Size: 64x72, Clip skip: 2"


def test_the_baseline_is_what_the_picture_says(story_of: TellStory) -> None:
    """Every setting is the embedded one, an old sampler's label in today's words."""
    request = baseline_request(story_of(f"a cat\nNegative prompt: blurry\n{FIELDS}"), TuneChoices())

    assert ("a cat", "blurry", 5, 12) == (request.prompt, request.negative_prompt, request.seed, request.steps)
    assert ("DPM++ 2M", "Karras", 6.5, 2) == (
        request.sampler_name, request.scheduler, request.cfg_scale, request.clip_skip
    )  # fmt: skip
    assert (64, 72) == (request.width, request.height)


def test_the_users_choices_overrule_the_picture(story_of: TellStory) -> None:
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
def test_what_cannot_be_generated_is_refused(story_of: TellStory, infotext: str | None, said: str) -> None:
    """Lying numbers and missing prompts become one sentence that names the value."""
    with pytest.raises(InvalidInputError, match=said):
        baseline_request(story_of(infotext), TuneChoices())
