"""What CLIP probes say of one picture, for the words that a tagger has no tag for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from counterprompt.prompts.folding import fold, fold_words
from counterprompt.tags.probe_words import ProbeWords, rows_for
from counterprompt.tags.vocabulary import index_vocabulary

SEEN_FROM: Final = 0.6
"""Probability from which a probe sees its term."""
UNSEEN_UP_TO: Final = 0.4
"""Probability up to which it does not; between the two it is not sure, and says nothing."""


@dataclass(frozen=True)
class ProbedTerm:
    """One probe's reading of one picture."""

    term: str
    """What the probe polices, in the words of prompts: "malformed hands"."""
    probability: float
    """How likely it shows, 0 to 1."""


class ProbeVerdicts:
    """The readings of all probes, found by the words of a prompt: folded, by plural, synonym and kind, as tags are."""

    def __init__(self, probes: Iterable[ProbedTerm]) -> None:
        """Two readings of one term count as the surer one."""
        self._chances: dict[str, float] = {}
        for probe in probes:
            known = self._chances.get(probe.term, 0.5)
            self._chances[probe.term] = max(known, probe.probability, key=lambda chance: abs(chance - 0.5))
        self._index = index_vocabulary(frozenset(self._chances))
        self._asked: set[str] = set()

    def judge(self, text: str, *, is_negated: bool) -> float | None:
        """Return how likely *text* shows, 0 where the probes do not see it, None where none knows it or is sure.

        First come the probes of *text* itself, its synonyms and what it is a kind of, then the table of `probe_words`.
        """
        terms = self._index.tags_for(fold_words(text), fold(text), is_negated=is_negated)
        self._asked.update(same for term in terms for same in self._index.same_meaning(term))
        chances = [self._chances[term] for term in terms]
        if any(chance >= SEEN_FROM for chance in chances):
            return max(chances)
        if chances and all(chance <= UNSEEN_UP_TO for chance in chances):
            return 0.0
        verdicts = (self._by_row(row) for row in rows_for(text))
        return next((verdict for verdict in verdicts if verdict is not None), None)

    def _by_row(self, row: ProbeWords) -> float | None:
        """Judge by a row of the table; only words for the very fault claim it, else it may still be unexpected."""
        known = [term for term in row.probes if term in self._chances]
        if row.is_the_fault:
            self._asked.update(known)
        worst = max((self._chances[term] for term in known), default=0.5)
        chance = 1.0 - worst if row.is_opposite else worst
        if chance >= SEEN_FROM:
            return chance if row.can_be_seen else None
        return 0.0 if chance <= UNSEEN_UP_TO and row.can_be_unseen else None

    def unasked(self) -> Iterator[tuple[str, float]]:
        """Give the terms that are seen and that nothing was judged by, the surest first, with their probability."""
        for term, chance in sorted(self._chances.items(), key=lambda item: -item[1]):
            if chance >= SEEN_FROM and term not in self._asked:
                yield term, chance
