"""What is known about a picture before anything is generated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.advice.advise import Advice, advise
from counterprompt.advice.choice import Goal
from counterprompt.advice.resources import find_resources, look_up
from counterprompt.errors import InvalidInputError
from counterprompt.infotext.params import GenerationParams
from counterprompt.tags.diff import diff_prompt
from counterprompt.tags.observed import ObservedTags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.advice.choice import Wishes
    from counterprompt.advice.inventory import Inventory
    from counterprompt.ports import Tagger
    from counterprompt.report.answers import Reading
    from counterprompt.tags.classes import PromptDiff
    from counterprompt.tags.probed import ProbedTerm


@dataclass(frozen=True)
class PictureStory:
    """Everything known about a picture before anything is generated."""

    reading: Reading
    """What is embedded in it."""
    observed: ObservedTags
    """What the tagger sees."""
    diff: PromptDiff
    """The two compared."""
    advice: Advice
    """Which to trust."""
    remarks: tuple[str, ...] = ()
    """What to know of the tagger before trusting it, one sentence each."""


def tell_story(
    reading: Reading,
    image: Image.Image,
    tagger: Tagger | None,
    goal: str,
    lora_names: frozenset[str] | None = None,
    probes: Sequence[ProbedTerm] = (),
    *,
    inventory: Inventory | None = None,
    wishes: Wishes | None = None,
) -> PictureStory:
    """Tag *image*, compare with what was asked for, and advise.

    *goal* is "reproduce", "adapt", "restyle" or "learn"; *lora_names* are the LoRAs at hand, None where nobody knows,
    and an *inventory* tells more; without a *tagger* nothing is observable but what the *probes* say;
    *wishes* are what the user does not want.
    """
    params = reading.params or GenerationParams("")
    observed = tagger.tag([image])[0] if tagger else ObservedTags((), frozenset())
    diff = diff_prompt(params.prompt, params.negative_prompt, observed, probes)
    if inventory is None:
        resources = find_resources(params, loras=None if lora_names is None else dict.fromkeys(lora_names))
    else:
        resources = look_up(params, inventory, tuple(entry.tag for entry in diff.entries if not entry.is_negated))
    advice = advise(params, diff, goal_named(goal), resources, wishes)
    return PictureStory(reading, observed, diff, advice)


def goal_named(name: str) -> Goal:
    """Return the goal called *name*.

    Raises:
        InvalidInputError: there is none of that name.
    """
    for goal in Goal:
        if goal.value == name:
            return goal
    known = ", ".join(goal.value for goal in Goal)
    raise InvalidInputError(f"There is no goal {name!r}; use one of {known}.")
