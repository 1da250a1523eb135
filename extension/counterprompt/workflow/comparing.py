"""Which of the prompts is best, settled by experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.prompts.extra_networks import without_missing_loras
from counterprompt.search.comparison import Comparer, compare_prompts
from counterprompt.search.comparison_result import Comparison, PromptVariant
from counterprompt.workflow.baseline import baseline_request
from counterprompt.workflow.story import goal_named

if TYPE_CHECKING:
    from counterprompt.workflow.baseline import TuneChoices
    from counterprompt.workflow.story import PictureStory


def compare(story: PictureStory, comparer: Comparer, choices: TuneChoices, *, goal: str, seeds: int) -> Comparison:
    """Settle by experiment which prompt to use: embedded, reverse and merged, on at most *seeds* fresh ones (4 to 256).

    Drawing ends early where the lead is beyond doubt or the user stops it; see `search.comparison`.

    LoRAs that the generator does not have are left out of every prompt, as a WebUI leaves them out.

    Raises:
        InvalidInputError: there are no two different prompts to compare, or a value cannot be generated.
        StoppedError: the user stopped it before two seeds were compared.
        GeneratorError: the generator failed.
    """
    goal_named(goal)
    request = baseline_request(story, choices)
    installed = comparer.generator.lora_names()
    variants = []
    for choice, (prompt, negative_prompt) in story.advice.wordings.items():
        worded = prompt if installed is None else without_missing_loras(prompt, installed)
        if worded.strip():
            variants.append(PromptVariant(choice.value, worded, negative_prompt))
    return compare_prompts(variants, request, comparer, story.observed, goal=goal, seeds=seeds)
