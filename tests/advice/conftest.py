"""A neutral case: nothing in it makes a rule hold that speaks for one side, except the goal."""

from collections.abc import Callable

import pytest

from counterprompt.advice.advise import Advice, advise
from counterprompt.advice.choice import Goal, Wishes
from counterprompt.advice.resources import Resources
from counterprompt.infotext.params import GenerationParams
from counterprompt.tags.diff import diff_prompt
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

VOCABULARY = frozenset(
    {"1girl", "red", "circle", "house", "hat", "tree", "white background", "blue", "blurry", "watermark", "anime"}
)


def advise_on(
    prompt: str = "a red house beside a tree",
    negative_prompt: str = "",
    *,
    seen: tuple[str, ...] = ("red", "house", "tree"),
    goal: Goal = Goal.REPRODUCE,
    resources: Resources | None = None,
    wishes: Wishes | None = None,
    fields: tuple[tuple[str, str], ...] = (),
) -> Advice:
    """Advise on a picture that carries *prompt* and *fields* and shows *seen*."""
    tags = tuple(ObservedTag(name, TagCategory.GENERAL, 0.9) for name in seen)
    diff = diff_prompt(prompt, negative_prompt, ObservedTags(tags, VOCABULARY))
    return advise(GenerationParams(prompt, negative_prompt, fields), diff, goal, resources or Resources(), wishes)


@pytest.fixture(name="advise_on")
def _advise_on() -> Callable[..., Advice]:
    return advise_on
