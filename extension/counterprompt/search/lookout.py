"""Evidence gathered again while the search runs: what the best candidates so far still get wrong is put on offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.terms import split_terms
from counterprompt.search.candidate import Candidate, candidate_from_json
from counterprompt.search.evidence import terms_from_probes, terms_from_tags, without_asked
from counterprompt.search.objective import PICTURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optuna.trial import FrozenTrial

    from counterprompt.ports import Tagger
    from counterprompt.search.evaluation import Evaluator
    from counterprompt.search.space import SearchSpace
    from counterprompt.search.surrogate.sampler import EffectSampler

FOUND = "found"
"""Under which name the trial that follows a look keeps the terms that were found, which may be none."""

LOOKS = (0.4, 0.7)
"""Shares of the search's pictures after which the pictures of the best candidates are looked at."""

WINDOW = 0.12
"""So long before a look, as a share of the search's pictures, pictures are kept for the tagger."""

LEADERS = 5
"""Candidates whose pictures are looked at."""


class Lookout:
    """Looks at pictures that the search has drawn anyway, so that a look costs none.

    Args:
        evaluator: the study's.
        picture_limit: pictures that the search may take, the baseline's included.
        tagger: sees defects in the pictures that were kept; None leaves it to the scorer's probes.
    """

    def __init__(self, evaluator: Evaluator, picture_limit: int, tagger: Tagger | None = None) -> None:
        self.looks = 0
        self._evaluator = evaluator
        self._limit = picture_limit
        self._tagger = tagger

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next look."""
        return self.looks < len(LOOKS) and self._share >= LOOKS[self.looks]

    @property
    def wants_pictures(self) -> bool:
        """Whether pictures that are asked for now should be kept."""
        return self._tagger is not None and self.looks < len(LOOKS) and self._share >= LOOKS[self.looks] - WINDOW

    @property
    def _share(self) -> float:
        return self._evaluator.pictures / self._limit

    def look(self, space: SearchSpace, sampler: EffectSampler, trials: Sequence[FrozenTrial]) -> tuple[str, ...]:
        """Name what the best of the finished *trials* still get wrong and *space* does not offer yet; count the look.

        The same trials, scores and kept pictures give the same terms.
        """
        self.looks += 1
        leaders = self._leaders(sampler, trials)
        scores = [each for trial in leaders for each in self._evaluator.recorded_scores(*_pictures(trial))]
        terms = list(terms_from_probes(scores)) if scores else []
        if self._tagger is not None:
            kept = [image for trial in leaders for image in self._evaluator.kept_pictures(*_pictures(trial))]
            terms += terms_from_tags(self._tagger.tag(kept)) if kept else ()
        offered = {fold_words(term) for layer in space.offered_layers for term in layer.terms}
        own = {fold_words(term.text) for term in split_terms(self._evaluator.baseline.negative_prompt)}
        fresh = (term for term in terms if fold_words(term) not in offered | own)
        return without_asked(fresh, self._evaluator.baseline.prompt)

    def _leaders(self, sampler: EffectSampler, trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
        """Return the trials believed best, the baseline left out, each candidate's pictures once."""
        sampler.learn(trials)
        tried = [trial for trial in trials if trial.number]
        if not tried:
            return []
        means = sampler.expected(sampler.features.points([trial.params for trial in tried]))[0]
        return [tried[at] for at in (-means).argsort(kind="stable")[:LEADERS]]


def _pictures(trial: FrozenTrial) -> tuple[Candidate, list[int]]:
    """Return the candidate of *trial* and the seeds it ran on."""
    return candidate_from_json(trial.user_attrs["candidate"]), [int(each[0]) for each in trial.user_attrs[PICTURES]]
