"""A read picture without gradio: the demo's words, and what a tagger would say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from counterprompt.advice.advise import Advice, advise
from counterprompt.advice.choice import Goal
from counterprompt.advice.resources import Resources, find_resources
from counterprompt.infotext.parse import parse_infotext
from counterprompt.tags.diff import diff_prompt
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

if TYPE_CHECKING:
    from counterprompt.infotext.params import GenerationParams
    from counterprompt.tags.classes import PromptDiff

INFOTEXT = (
    "a cat, red hat, by greg, <lora:framed:0.9>\nNegative prompt: blurry, watermark\n"
    "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: dream"
)


@dataclass(frozen=True)
class Told:
    """What a picture says and shows."""

    params: GenerationParams
    diff: PromptDiff
    advice: Advice
    infotext: str | None = INFOTEXT
    program: str = "AUTOMATIC1111"
    width: int = 512
    height: int = 512
    place: str = "the PNG text"
    notes: tuple[str, ...] = ()


def tell(infotext: str, seen: dict[str, float], resources: Resources | None = None) -> Told:
    """Read *infotext* beside the tags *seen* with their confidence."""
    params = parse_infotext(infotext)
    tags = tuple(ObservedTag(name, TagCategory.GENERAL, sure) for name, sure in seen.items())
    vocabulary = frozenset({*seen, "cat", "hat", "red hat", "blurry", "watermark", "dog"})
    diff = diff_prompt(params.prompt, params.negative_prompt, ObservedTags(tags, vocabulary))
    advice = advise(params, diff, Goal.REPRODUCE, resources or find_resources(params))
    return Told(params, diff, advice)


@pytest.fixture
def told() -> Told:
    """A cat without its hat, with a watermark that nobody wanted and a dog that nobody asked for."""
    return tell(INFOTEXT, {"cat": 0.97, "watermark": 0.8, "dog": 0.6})
