"""One case to advise on: everything the rules look at, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from counterprompt.advice.choice import Goal, Wishes
from counterprompt.advice.contradictions import Contradiction, find_contradictions
from counterprompt.negative.evidence import is_defect
from counterprompt.prompts.common_words import is_common
from counterprompt.prompts.families import ModelFamily, family_of_term, is_foreign
from counterprompt.prompts.family_guess import FamilyHints, recognise_family
from counterprompt.prompts.folding import fold, fold_words
from counterprompt.prompts.meanings import is_about
from counterprompt.prompts.schedules import distinct_stages
from counterprompt.prompts.terms import PromptTerm, split_terms
from counterprompt.prompts.translation import Translation, translate_prompt
from counterprompt.tags.classes import DiffClass, DiffEntry, PromptDiff

if TYPE_CHECKING:
    from counterprompt.advice.resources import Resources
    from counterprompt.infotext.params import GenerationParams


_COMPOSITION = re.compile(r"\b(?:AND|BREAK)\b")
_MEDIA = ("photo", "painting", "illustration", "anime", "cartoon", "3d render", "sketch", "drawing")


WRONG_AGREEMENT = 0.5
"""Share of the observable asked weight that shows, below which a prompt is wrong about the picture."""


@dataclass(frozen=True)
class Case:
    """Embedded parameters, what was seen, and what is wanted."""

    params: GenerationParams
    """The embedded parameters."""
    diff: PromptDiff
    """What was asked against what was seen."""
    goal: Goal
    """What the user wants."""
    resources: Resources
    """What is here of the files that made the picture."""
    wishes: Wishes
    """What the user does not want."""

    @cached_property
    def terms(self) -> tuple[PromptTerm, ...]:
        """The terms of the embedded prompt."""
        return split_terms(self.params.prompt)

    @cached_property
    def word_count(self) -> int:
        """Words of the embedded prompt, syntax aside."""
        return sum(len(term.text.split()) for term in self.terms)

    @cached_property
    def shown(self) -> tuple[DiffEntry, ...]:
        """What the picture shows and one may ask for: confirmed, then unexpected, no defects."""
        seen = (*self.diff.of_class(DiffClass.CONFIRMED), *self.diff.of_class(DiffClass.UNEXPECTED))
        return tuple(entry for entry in seen if entry.diff_class is DiffClass.CONFIRMED or not is_defect(entry.tag))

    @cached_property
    def unasked(self) -> tuple[DiffEntry, ...]:
        """What the picture shows and nobody asked for, defects aside."""
        return tuple(entry for entry in self.shown if entry.diff_class is DiffClass.UNEXPECTED)

    @cached_property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Where the prompt asks for one thing and the picture shows another."""
        return find_contradictions(self.diff)

    @cached_property
    def wrong(self) -> tuple[DiffEntry, ...]:
        """What is asked for and not so: what shows otherwise, and in a prompt that is mostly wrong all that is missing.

        A tagger overlooks things, so what it merely does not see is believed of a prompt that is right otherwise.
        """
        agreement = self.diff.agreement
        if agreement is not None and agreement < WRONG_AGREEMENT:
            return tuple(entry for entry in self.diff.of_class(DiffClass.MISSING) if entry.weight > 0)
        return tuple(contradiction.asked for contradiction in self.contradictions)

    @cached_property
    def translation(self) -> Translation:
        """Both prompts in the words of the family here; as they are where they were not written for another one."""
        prompt, negative_prompt = self.params.prompt, self.params.negative_prompt
        hints = FamilyHints(checkpoint=self.params.model_name or "")
        family = recognise_family(prompt, negative_prompt, hints).family
        if family is ModelFamily.UNKNOWN and not any(self.is_foreign(term.text) for term in self.terms):
            return Translation(prompt, negative_prompt)
        return translate_prompt(prompt, negative_prompt, family, self.resources.family)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Asked words that no tagger can see and that may be artists or triggers; quality and light are none.

        Words that a LoRA here was trained on are triggers, however common.
        """
        unseen = (entry.tag for entry in self.diff.of_class(DiffClass.UNOBSERVABLE) if not entry.is_negated)
        return tuple(tag for tag in unseen if fold_words(tag) in self._triggers or _may_be_name(tag))

    @cached_property
    def _triggers(self) -> frozenset[tuple[str, ...]]:
        """Words that bring out the LoRAs of the prompt that are here."""
        files = (finding.file for finding in self.resources.findings if finding.state.is_here)
        trainings = [file.training for file in files if file and file.training]
        phrases = [word for training in trainings for word in training.trigger.split(",")]
        frequent = [tag for training in trainings for tag, share in training.tag_shares().items() if share > 0.5]
        return frozenset(fold_words(phrase) for phrase in (*phrases, *frequent)) - {()}

    @property
    def has_special_syntax(self) -> bool:
        """Whether the prompt changes with the step, or is composed with BREAK or AND."""
        prompt = self.params.prompt
        return bool(_COMPOSITION.search(prompt)) or len(distinct_stages(prompt, limit=2)) > 1

    def is_foreign(self, text: str) -> bool:
        """Whether *text* is a word of another model family than the one here."""
        return is_foreign(text, self.resources.family)

    def is_blocked(self, text: str) -> bool:
        """Whether *text* holds a blocked word."""
        words = fold_words(text)
        return any(_holds(words, fold_words(blocked)) for blocked in self.wishes.blocked_words)

    def is_unwanted_style(self, text: str) -> bool:
        """Whether *text* asks for an unwanted style."""
        words = fold_words(text)
        return any(is_about(words, fold_words(style)) for style in self.wishes.unwanted_styles if fold(style))

    def is_old_style(self, text: str) -> bool:
        """Whether *text* names the medium of a picture that is to get another one."""
        words = fold_words(text)
        return self.goal is Goal.RESTYLE and any(is_about(words, fold_words(medium)) for medium in _MEDIA)


def _may_be_name(text: str) -> bool:
    return not is_common(text) and family_of_term(text) is ModelFamily.UNKNOWN


def _holds(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    spans = range(len(words) - len(phrase) + 1)
    return bool(phrase) and any(words[begin : begin + len(phrase)] == phrase for begin in spans)
