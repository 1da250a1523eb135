"""When each rule of advice holds, what made it hold, and how strongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.advice.case import WRONG_AGREEMENT, Case
from counterprompt.advice.choice import Goal
from counterprompt.advice.inventory import ResourceKind
from counterprompt.advice.model_family import family_of_file, fit_of_families
from counterprompt.advice.resources import ResourceState
from counterprompt.prompts.extra_networks import find_extra_networks, strip_extra_networks
from counterprompt.prompts.families import ModelFamily
from counterprompt.tags.classes import DiffClass

if TYPE_CHECKING:
    from collections.abc import Callable

Culprits = tuple[str, ...]

MOST_TERMS: Final = 40
"""A prompt of more terms is far too long."""
FEWEST_WORDS: Final = 5
"""A prompt of fewer words is too short where the picture shows more."""
RICH_TAGS: Final = 3
"""Confirmed tags from which a prompt is rich."""
RICH_AGREEMENT: Final = 0.75
"""Share of the observable asked weight that must show for a prompt to be accurate."""
_GONE: Final = (ResourceState.MISSING, ResourceState.OTHER_FILE)


def when(holds: bool) -> Culprits:
    """Return something where a rule *holds* that no word or file is to blame for."""
    return ("yes",) if holds else ()


def terms_that(case: Case, test: Callable[[str], bool]) -> Culprits:
    """Name the terms of the prompt that *test* is true of."""
    return tuple(term.text for term in case.terms if test(term.text))


def is_empty(case: Case) -> bool:
    """Whether there is no prompt but extra networks."""
    return not strip_extra_networks(case.params.prompt).strip()


def missing_weight(case: Case) -> float:
    """Weigh the missing LoRAs by their weights in the prompt: 0.5 for faint ones, 1 usually, at most 1.5."""
    absent = case.resources.loras_in(ResourceState.MISSING)
    weights = [abs(tag.weight) for tag in find_extra_networks(case.params.prompt) if tag.name in absent]
    return min(1.5, max(0.5, sum(weights))) if weights else 1.0


def misfit_loras(case: Case) -> Culprits:
    """Name the LoRAs here that were made for a family which does not fit the checkpoint's."""
    found = (one for one in case.resources.findings if one.mention.kind is ResourceKind.LORA and one.file)
    family = case.resources.family
    return tuple(one.mention.name for one in found if one.file and not fit_of_families(one.file.family, family))


def misfit_base(case: Case) -> Culprits:
    """Name the family of the picture's checkpoint, as its name tells it, where it is not the one here."""
    made_with = family_of_file({}, case.params.model_name or "")
    known = ModelFamily.UNKNOWN not in (made_with, case.resources.family)
    return (made_with.value,) if known and made_with is not case.resources.family else ()


def foreign_strength(case: Case) -> float:
    """Weigh foreign words by their share of the prompt, 1 to 2."""
    return 1 + len(terms_that(case, case.is_foreign)) / max(1, len(case.terms))


def length_strength(case: Case) -> float:
    """Weigh a too long prompt by its length: 1 just above MOST_TERMS, 2 from twice as many on."""
    return min(2.0, len(case.terms) / MOST_TERMS)


def is_too_short(case: Case) -> bool:
    """Whether few words ask for less than shows."""
    return case.word_count < FEWEST_WORDS and len(case.unasked) >= 2


def is_rich(case: Case) -> bool:
    """Whether much of a prompt of sound length shows."""
    agreement = case.diff.agreement
    has_enough = len(case.diff.of_class(DiffClass.CONFIRMED)) >= RICH_TAGS and len(case.terms) <= MOST_TERMS
    return has_enough and agreement is not None and agreement >= RICH_AGREEMENT


def wrong_words(case: Case) -> Culprits:
    """Name what is asked for and does not show, where that is more than what does."""
    agreement = case.diff.agreement
    if agreement is None or agreement >= WRONG_AGREEMENT or not case.shown:
        return ()
    return tuple(entry.tag for entry in case.diff.of_class(DiffClass.MISSING))


def wrong_strength(case: Case) -> float:
    """Weigh a wrong prompt by how wrong it is: 1 at half, 2 where nothing of it shows."""
    return 2 - (case.diff.agreement or 0.0) / WRONG_AGREEMENT


def contradicted_words(case: Case) -> Culprits:
    """Name what is asked for together with what shows in its place."""
    return tuple(f"{one.asked.tag} (it shows {one.shown.tag})" for one in case.contradictions)


def contradicted_strength(case: Case) -> float:
    """Weigh contradictions by how sure the tagger is of what it saw instead, 0 to 1."""
    return max((one.shown.confidence for one in case.contradictions), default=0.0)


def absent_embeddings(case: Case) -> Culprits:
    """Name the embeddings that are missing or other files."""
    return tuple(name for state in _GONE for name in case.resources.embeddings_in(state))


def absent_checkpoint(case: Case) -> Culprits:
    """Name the checkpoint where it is known not to be here."""
    name = case.params.model_name or case.params.model_hash or "of the picture"
    return (name,) if case.resources.checkpoint in _GONE else ()


def reproduction_strength(case: Case) -> float:
    """Weigh the wish for the same picture: half where its checkpoint is known not to be here."""
    return 0.5 if absent_checkpoint(case) or misfit_base(case) else 1.0


def renamed_files(case: Case) -> Culprits:
    """Name the files that are here under another name, both names."""
    return tuple(
        f"{one.mention.name} (here {one.file.name})"
        for one in case.resources.findings
        if one.state is ResourceState.RENAMED and one.file
    )


def translated_words(case: Case) -> Culprits:
    """Name each word that the family here says otherwise, or not at all, and what stands in its place."""
    changes = case.translation.changes
    return tuple(f"{change.term} ({change.replacement or 'left out'})" for change in changes if not change.is_negated)


def has_mute_negative(case: Case) -> bool:
    """Whether the negative prompt does nothing here: Flux, or CFG scale 1."""
    return case.resources.family is ModelFamily.FLUX or case.params.cfg_scale == 1


def nearest_loras(case: Case) -> Culprits:
    """Name for each missing LoRA the nearest one here, its score and why."""
    return tuple(
        f"{one.nearest.name} for {one.mention.name} ({one.nearest.score:.0%}: {'; '.join(one.nearest.why)})"
        for one in case.resources.findings
        if one.nearest
    )


def is_mostly_right(case: Case) -> bool:
    """Whether at least half of what can be checked shows, in a prompt that is to give the same picture again."""
    agreement = case.diff.agreement
    return case.goal is Goal.REPRODUCE and agreement is not None and agreement >= WRONG_AGREEMENT


def changed_goal(case: Case) -> Culprits:
    """Name the goal where it is not the same picture."""
    return () if case.goal is Goal.REPRODUCE else (case.goal.value,)
