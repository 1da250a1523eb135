"""A scorer joined by a tagger, whose defect tags are an artifact signal of another origin than a CLIP's probes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.negative.competition import drop_asked
from counterprompt.negative.evidence import is_defect
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import TAGGER_MARK
from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.meanings import meaning_of
from counterprompt.prompts.terms import split_terms
from counterprompt.scoring.filtered import remarks_of, without_artifacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image

    from counterprompt.ports import Scorer, Scores, Tagger
    from counterprompt.tags.observed import ObservedTags


class TaggedScorer:
    """Implements `ports.Scorer`: what *scorer* says, with "tagger: DEFECT" for each defect the tagger has a tag for.

    Tags that mean the same count as one, the surest of them; one that the tagger does not give counts 0, so it should
    have a low threshold. What the prompt asks for is no defect of its pictures.

    Args:
        scorer: any scorer.
        tagger: a tagger that knows tags for defects.
        excluded: names of artifacts that are left out, such as "tagger: blurry".
    """

    def __init__(self, scorer: Scorer, tagger: Tagger, excluded: frozenset[str] = frozenset()) -> None:
        self.scorer = scorer
        self.tagger = tagger
        self._excluded = excluded
        self._tags = {
            term: tags for term, tags in defect_tags(tagger.vocabulary).items() if TAGGER_MARK + term not in excluded
        }

    @property
    def name(self) -> str:
        """Both, for reports."""
        return f"{self.scorer.name}, defect tags of {getattr(self.tagger, 'name', type(self.tagger).__name__)}"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the scorer inside has to say of its work."""
        return remarks_of(self.scorer)

    @property
    def defects(self) -> tuple[str, ...] | None:
        """What the scorer inside and the tagger can find; None where the former does not say."""
        inner: tuple[str, ...] | None = getattr(self.scorer, "defects", None)
        return None if inner is None else (*inner, *(TAGGER_MARK + term for term in self._tags))

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Score each picture, in order; raises what the two inside raise."""
        terms = self._terms_for(prompt)
        return [
            replace(each, artifacts={**each.artifacts, **self._artifacts(observed, terms)})
            for each, observed in zip(self.scorer.score(images, prompt), self.tagger.tag(images))
        ]

    def without(self, reasons: Mapping[str, str]) -> TaggedScorer:
        """Return a copy that leaves out the artifacts named in *reasons*."""
        others = {name: reason for name, reason in reasons.items() if not name.startswith(TAGGER_MARK)}
        own = self._excluded | (reasons.keys() - others.keys())
        return TaggedScorer(without_artifacts(self.scorer, others), self.tagger, own)

    def _terms_for(self, prompt: str) -> tuple[str, ...]:
        (layer,), _ = drop_asked([NegativeLayer("defects", tuple(self._tags))], split_terms(prompt))
        return layer.terms

    def _artifacts(self, observed: ObservedTags, terms: Sequence[str]) -> dict[str, float]:
        return {TAGGER_MARK + term: max(observed.confidence(tag) or 0.0 for tag in self._tags[term]) for term in terms}


def defect_tags(vocabulary: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Group the tags of *vocabulary* that name defects by what they mean, each group under its first tag."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for tag in sorted(filter(is_defect, vocabulary)):
        groups.setdefault(meaning_of(fold_words(tag)), []).append(tag)
    return {tags[0]: tuple(tags) for tags in groups.values()}
