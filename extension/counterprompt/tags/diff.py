"""The prompt diff: what was asked and negated, against what a tagger saw (DESIGN 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.prompts.common_words import PRAISE
from counterprompt.prompts.folding import fold, fold_words
from counterprompt.prompts.meanings import generals_of, meaning_of
from counterprompt.prompts.terms import split_terms
from counterprompt.tags.classes import DiffClass, DiffEntry, PromptDiff, Witness
from counterprompt.tags.observed import TagCategory
from counterprompt.tags.probed import ProbeVerdicts
from counterprompt.tags.reading import Phrase, TermPart, read_phrases
from counterprompt.tags.vocabulary import index_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterprompt.prompts.terms import PromptTerm
    from counterprompt.tags.observed import ObservedTags
    from counterprompt.tags.probed import ProbedTerm

__all__ = ["DiffClass", "DiffEntry", "PromptDiff", "Witness", "diff_prompt"]


def diff_prompt(
    prompt: str, negative_prompt: str, observed: ObservedTags, probes: Iterable[ProbedTerm] = ()
) -> PromptDiff:
    """Sort every tag of prompt, negative prompt and picture into one of six classes.

    A term that the vocabulary lacks is read by its parts: "red circle" is confirmed where "red" and "circle" are seen;
    where only one is, both are listed. What both prompts hold counts as asked. Ratings are not compared. What the
    tagger cannot say is judged by the *probes* that are sure of it; what they see unasked is unexpected.

    Raises:
        InvalidInputError: a prompt is longer than 100,000 characters or grows into too much text.
    """
    sorter = _Sorter(observed, ProbeVerdicts(probes))
    for term in split_terms(prompt):
        sorter.ask(term)
    for term in split_terms(negative_prompt):
        sorter.negate(term)
    return sorter.finish()


class _Sorter:
    """Collects entries; a tag that one entry has claimed is never listed by another."""

    def __init__(self, observed: ObservedTags, probes: ProbeVerdicts) -> None:
        self._probes = probes
        self._index = index_vocabulary(observed.vocabulary)
        self._seen = {tag.name: tag.confidence for tag in observed.tags if tag.category is not TagCategory.RATING}
        self._seen_words = {tag: fold_words(tag) for tag in self._seen}
        self._entries: dict[str, DiffEntry] = {}
        self._claimed: set[str] = set()

    def ask(self, term: PromptTerm) -> None:
        """Sort a term of the prompt."""
        tags = self._index.tags_for(fold_words(term.text), fold(term.text))
        if tags:
            self._ask_whole(_label(term, tags), tags, term.emphasis)
        phrases = read_phrases(term.text, self._index, is_negated=False)
        implied = [self._ask_implied(phrase, term.emphasis) for phrase in phrases]
        if tags:
            return
        if not any(implied) and not any(part.tags for phrase in phrases for part in phrase.parts):
            self._add_unseeable(_label(term), term.emphasis)
            return
        for phrase, words in zip(phrases, implied):
            self._ask_phrase(phrase, words, term.emphasis)

    def negate(self, term: PromptTerm) -> None:
        """Sort a term of the negative prompt."""
        tags = self._index.tags_for(fold_words(term.text), fold(term.text), is_negated=True)
        phrases = read_phrases(term.text, self._index, is_negated=True)
        parts = [part for phrase in phrases for part in phrase.parts]
        if not tags and len(parts) == 1:
            tags = parts[0].tags
        if tags:
            self._negate_whole(_label(term, tags), tags, term.emphasis)
        elif parts and all(part.tags for part in parts):
            self._negate_together(_label(term), parts, term.emphasis)
        else:
            self._add_unseeable(_label(term), term.emphasis, is_negated=True)

    def finish(self) -> PromptDiff:
        """List what nobody claimed as unexpected and close the diff."""
        for tag, confidence in sorted(self._seen.items(), key=lambda item: -item[1]):
            if tag not in self._claimed:
                self._add(tag, DiffClass.UNEXPECTED, 1.0, confidence)
        for term, confidence in self._probes.unasked():
            if not self._index.tags_for(fold_words(term), fold(term)):
                self._add(term, DiffClass.UNEXPECTED, 1.0, confidence, witness=Witness.PROBE)
        return PromptDiff(tuple(self._entries.values()))

    def _ask_whole(self, text: str, tags: tuple[str, ...], weight: float) -> None:
        if self._claimed.issuperset(tags):
            return
        confidence = self._confidence(tags)
        self._claim(tags)
        self._add(text, _ASKED[confidence > 0], weight, confidence)

    def _ask_implied(self, phrase: Phrase, weight: float) -> frozenset[str]:
        """Confirm seen tags that the phrase brings along and return their words.

        Such tags are made of its words ("long hair" in "long blonde hair"), or it is a kind of them (girl: person).
        """
        implied: set[str] = set()
        asked = phrase.words
        known = {tag for part in phrase.parts for tag in part.tags}
        generals = {general for part in phrase.parts for general in generals_of(part.words)}
        for tag, words in self._seen_words.items():
            is_made_of = bool(words) and asked.issuperset(words)
            if tag not in known and (is_made_of or meaning_of(words) in generals):
                implied.update(words if is_made_of else ())
                self._ask_whole(tag, (tag,), weight)
        return frozenset(implied)

    def _ask_phrase(self, phrase: Phrase, implied: frozenset[str], weight: float) -> None:
        unknown = {part for part in phrase.parts if not part.tags and not implied.issuperset(part.words)}
        known = [part for part in phrase.parts if part.tags]
        if not unknown and len(known) > 1 and all(self._confidence(part.tags) for part in known):
            self._confirm_together(phrase, known, weight)
            return
        may_be_name = any(not PRAISE.issuperset(part.words) for part in unknown)
        unsure: list[TermPart] = []
        for part in phrase.parts:
            is_seen = self._confidence(part.tags) > 0
            if part in unknown or (part.tags and may_be_name and not is_seen and len(part.words) == 1):
                unsure.append(part)
            elif part.tags:
                self._ask_whole(part.text, part.tags, weight)
        if unsure:
            self._add_unseeable(" ".join(part.text for part in unsure), weight)

    def _confirm_together(self, phrase: Phrase, parts: list[TermPart], weight: float) -> None:
        tags = tuple(tag for part in parts for tag in part.tags)
        if not self._claimed.issuperset(tags):
            self._add(phrase.text, DiffClass.CONFIRMED, weight, min(self._confidence(part.tags) for part in parts))
            self._claim(tags)

    def _negate_whole(self, text: str, tags: tuple[str, ...], weight: float) -> None:
        if self._claimed.issuperset(tags):
            return
        confidence = self._confidence(tuple(tag for tag in tags if tag not in self._claimed))
        self._claim(tags)
        self._add(text, _NEGATED[confidence > 0], weight, confidence, is_negated=True)

    def _negate_together(self, text: str, parts: list[TermPart], weight: float) -> None:
        """Sort several known parts as one: they leak only where all are seen and not all are asked for."""
        tags = tuple(tag for part in parts for tag in part.tags)
        surest = min(self._confidence(part.tags) for part in parts)
        leaks = surest > 0 and not self._claimed.issuperset(tags)
        if leaks:
            self._claim(tags)
        self._add(text, _NEGATED[leaks], weight, surest if leaks else 0.0, is_negated=True)

    def _add_unseeable(self, label: str, weight: float, *, is_negated: bool = False) -> None:
        """Sort what the tagger cannot say by what the probes say."""
        chance = self._probes.judge(label, is_negated=is_negated)
        if chance is None:
            self._add(label, DiffClass.UNOBSERVABLE, weight, is_negated=is_negated, witness=Witness.NOBODY)
            return
        diff_class = (_NEGATED if is_negated else _ASKED)[chance > 0]
        self._add(label, diff_class, weight, chance, is_negated=is_negated, witness=Witness.PROBE)

    def _claim(self, tags: tuple[str, ...]) -> None:
        for tag in tags:
            self._claimed.update(self._index.same_meaning(tag))

    def _confidence(self, tags: tuple[str, ...]) -> float:
        return max((self._seen.get(tag, 0.0) for tag in tags), default=0.0)

    def _add(
        self,
        tag: str,
        diff_class: DiffClass,
        weight: float,
        confidence: float = 0.0,
        *,
        is_negated: bool = False,
        witness: Witness = Witness.TAGGER,
    ) -> None:
        self._entries.setdefault(tag, DiffEntry(tag, diff_class, weight, confidence, is_negated, witness))


def _label(term: PromptTerm, tags: tuple[str, ...] = ()) -> str:
    """Name an entry: by the tag where the term is spelled like one, else by the term's own words."""
    if len(tags) == 1 and fold(tags[0]) == fold(term.text):
        return tags[0]
    return " ".join(term.text.replace("_", " ").casefold().split())


_ASKED = {True: DiffClass.CONFIRMED, False: DiffClass.MISSING}
_NEGATED = {True: DiffClass.LEAKED, False: DiffClass.SUPPRESSED}
