"""The model's own anti-prompt: what it draws when it is asked for nothing and told to avoid the prompt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks, strip_extra_networks
from counterprompt.search.candidate import BASELINE
from counterprompt.search.evidence import SHORTLIST, terms_from_probes
from counterprompt.tags.observed import TagCategory

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counterprompt.ports import GenerationRequest, Tagger
    from counterprompt.search.evaluation import Evaluator
    from counterprompt.tags.observed import ObservedTags

STAGE = "anti-prompt"

OFTEN = 0.5
"""Share of the pictures on which a tag must be seen."""


def anti_request(baseline: GenerationRequest) -> GenerationRequest:
    """Return the request for the opposite of *baseline*: its LoRAs alone, and its prompt as the negative prompt."""
    loras = [tag.text for tag in find_extra_networks(baseline.prompt) if tag.kind in LORA_KINDS]
    return replace(
        baseline, prompt=" ".join(loras), negative_prompt=strip_extra_networks(baseline.prompt).strip(" ,\n")
    )


def anti_prompt_terms(evaluator: Evaluator, tagger: Tagger | None, seeds: Sequence[int]) -> tuple[str, ...]:
    """Draw the opposite of the user's prompt on *seeds* and name what appears: it leads away from what is asked for.

    The pictures count as the study's. Without a *tagger* only failed probes tell.

    Raises:
        StoppedError: the listener asked to stop; what was scored is recorded.
    """
    opposite = evaluator.beside(anti_request(evaluator.baseline))
    scores = opposite.scores(BASELINE, seeds, STAGE, keep=True)
    terms = list(terms_from_probes(scores))
    if tagger is not None:
        terms += _seen_often(tagger.tag(opposite.kept_pictures(BASELINE, seeds)))
    return tuple(dict.fromkeys(terms))[:SHORTLIST]


def _seen_often(observed: Iterable[ObservedTags]) -> list[str]:
    """Return the tags of no special kind that are seen on half of the pictures or more, the surest first."""
    sums: dict[str, list[float]] = {}
    pictures = list(observed)
    for tags in pictures:
        for tag in tags.tags:
            if tag.category is TagCategory.GENERAL:
                sums.setdefault(tag.name, []).append(tag.confidence)
    often = [name for name, confidences in sums.items() if len(confidences) >= OFTEN * len(pictures)]
    return sorted(often, key=lambda name: (-sum(sums[name]), name))
