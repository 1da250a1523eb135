"""Advice: the embedded prompt, the reverse tags or a merge of both, with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from counterprompt.advice.case import Case
from counterprompt.advice.certainty import CLEAR_SHARE, judge_certainty
from counterprompt.advice.choice import Choice, Goal, Wishes
from counterprompt.advice.rules import RULES, AdviceRule, Side
from counterprompt.advice.triggers import is_mostly_right
from counterprompt.advice.wording import (
    embedded_negative,
    embedded_prompt,
    layered_negative,
    merged_negative,
    merged_prompt,
    reverse_prompt,
)

if TYPE_CHECKING:
    from counterprompt.advice.resources import Resources
    from counterprompt.infotext.params import GenerationParams
    from counterprompt.tags.classes import PromptDiff

__all__ = ["Advice", "Choice", "Goal", "Reason", "Wishes", "advise"]

_NAMES_TOLD: Final = 5


@dataclass(frozen=True)
class Reason:
    """One rule that held."""

    rule_id: str
    """A rule of `rules.RULES`."""
    text: str
    """One sentence for the user."""
    weight: float
    """How strongly it counted: above 0 for the embedded prompt, below 0 for the reverse tags."""
    evidence: tuple[str, ...] = ()
    """What made it hold: words, tags or files; empty where the case as a whole did."""


@dataclass(frozen=True)
class Advice:
    """Which prompt to use, and why."""

    choice: Choice
    """What to use."""
    prompt: str
    """The prompt to use, complete."""
    negative_prompt: str
    """The negative prompt to use, complete."""
    reasons: tuple[Reason, ...]
    """Every rule that held, in the table's order."""
    confidence: float
    """How likely it is right, 0.01 to 0.99; see `certainty`."""
    should_compare: bool
    """Whether to settle it by generating with both on the same seeds."""
    wordings: Mapping[Choice, tuple[str, str]] = field(default_factory=dict)
    """Each choice, taken or not, to its prompt and negative prompt: what such a comparison generates with."""
    rests_on: tuple[str, ...] = ()
    """What the confidence rests on, one sentence each."""
    resources: Resources | None = None
    """The files that made the picture, as they stand here."""


def advise(
    params: GenerationParams, diff: PromptDiff, goal: Goal, resources: Resources, wishes: Wishes | None = None
) -> Advice:
    """Weigh the rules and word the prompt of the side that wins; near balance both are merged.

    Args:
        params: the embedded parameters; the prompt may be empty.
        diff: what they ask for against what the tagger saw.
        goal: what the user wants.
        resources: what is here of the files that made the picture.
        wishes: what the user does not want, or None.

    Raises:
        InvalidInputError: a prompt is longer than 100,000 characters or grows into too much text.
    """
    case = Case(params, diff, goal, resources, wishes or Wishes())
    reasons = tuple(reason for reason in (_reason(rule, case) for rule in RULES) if reason)
    embedded = sum(reason.weight for reason in reasons if reason.weight > 0)
    reverse = -sum(reason.weight for reason in reasons if reason.weight < 0)
    share = embedded / (embedded + reverse) if embedded + reverse else 0.5
    choice = _choice(share, can_be_mended=is_mostly_right(case))
    wordings = {each: _worded(each, case) for each in Choice}
    prompt, negative_prompt = wordings[choice]
    certainty = judge_certainty(case, embedded, reverse, is_tags_alone=choice is Choice.REVERSE)
    return Advice(
        choice=choice,
        prompt=prompt,
        negative_prompt=negative_prompt,
        reasons=reasons,
        confidence=certainty.confidence,
        should_compare=goal is Goal.LEARN or choice is Choice.MERGE,
        wordings=wordings,
        rests_on=certainty.rests_on,
        resources=resources,
    )


def _choice(embedded_share: float, *, can_be_mended: bool) -> Choice:
    """Choose by the share; a prompt that is mostly right is mended where others are replaced, for tags lose names."""
    if embedded_share >= CLEAR_SHARE:
        return Choice.EMBEDDED
    return Choice.REVERSE if embedded_share <= 1 - CLEAR_SHARE and not can_be_mended else Choice.MERGE


def _worded(choice: Choice, case: Case) -> tuple[str, str]:
    if choice is Choice.EMBEDDED:
        return embedded_prompt(case), embedded_negative(case)
    if choice is Choice.REVERSE:
        prompt = reverse_prompt(case)
        return prompt, layered_negative(case, prompt)
    prompt = merged_prompt(case)
    return prompt, merged_negative(case, prompt)


def _reason(rule: AdviceRule, case: Case) -> Reason | None:
    culprits = rule.culprits(case)
    if not culprits:
        return None
    sign = {Side.EMBEDDED: 1, Side.REVERSE: -1, Side.NEITHER: 0}[rule.side]
    names = ", ".join(culprits[:_NAMES_TOLD])
    more = f" and {len(culprits) - _NAMES_TOLD} more" if len(culprits) > _NAMES_TOLD else ""
    weight = sign * rule.weight * rule.strength(case)
    evidence = culprits if "{names}" in rule.sentence else ()
    return Reason(rule.rule_id, rule.sentence.replace("{names}", names + more), round(weight, 3), evidence)
