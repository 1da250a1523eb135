"""A tagger for photographs, where booru taggers are blind: a CLIP says how well each term of a list fits a picture.

A confidence is a softmax over scaled cosines, as CLIP classifies without training (Radford et al. 2021, section 3.1.2;
the texts of one term are averaged, their section 3.1.4). What a term competes with decides what the number means:

* each term of a plain group against neutral texts such as "a photo.", or against its antonyms where the list names
  some: sigmoid(s - log mean exp(s_against)), the probability that the term says more about the picture than the neutral
  text does. With one antonym it is CLIP-IQA's (Wang, Chan & Loy 2023);
* the terms of a group of which only one can be true against each other, and against the group's neutral texts, if any,
  as "none of them".

The scale is the CLIP's own, for which it was trained to make such a softmax a probability, unless the list has another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from counterprompt.tagging.text_cache import embed_cached
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt
    from PIL import Image

    from counterprompt.tagging.clip_terms import Term, TermGroup, TermList


class PictureTextEmbedder(Protocol):
    """What the tagger asks of a CLIP; `scoring.embedder.ClipEmbedder` is one."""

    @property
    def logit_scale(self) -> float:
        """What similarities are multiplied with before a softmax, above 0."""
        ...

    def embed_pictures(self, images: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
        """Embed each picture, in order, as unit vectors of shape (n, d)."""
        ...

    def embed_texts(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embed each text, in order, as unit vectors of shape (n, d)."""
        ...


class ClipTagger:
    """Implements `ports.Tagger`; the CLIP is opened, and its texts are embedded, when the first picture comes.

    Args:
        open_embedder: opens the CLIP.
        terms: what it can say.
        cache_folder: where embedded texts are kept between runs; None keeps them in memory only.
        name: what it is, for reports.
    """

    def __init__(
        self,
        open_embedder: Callable[[], PictureTextEmbedder],
        terms: TermList,
        cache_folder: Path | None = None,
        name: str = "CLIP",
    ) -> None:
        self.name = name
        self._open_embedder = open_embedder
        self._terms = terms
        self._cache_folder = cache_folder
        self._embedder: PictureTextEmbedder | None = None
        self._texts: dict[str, npt.NDArray[np.float64]] = {}
        self._vocabulary = frozenset(terms.names)
        self._thresholds = np.array([group.threshold for group in terms.groups for _ in group.terms])

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every term of its list."""
        return self._vocabulary

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Tag each picture, in order; all tags are general ones. Raises what opening the CLIP raises."""
        return [self._observe(row) for row in self.confidences(images)]

    def confidences(self, images: Sequence[Image.Image]) -> npt.NDArray[np.float64]:
        """Return how well each term fits each picture: 0 to 1, shape (n, terms), columns as in the term list."""
        if not images:
            return np.zeros((0, len(self._terms.names)))
        embedder = self._opened()
        scale = self._terms.scale or embedder.logit_scale
        pictures = scale * embedder.embed_pictures(images).astype(np.float64)
        return np.concatenate([self._score(group, pictures) for group in self._terms.groups], axis=1)

    def _observe(self, row: npt.NDArray[np.float64]) -> ObservedTags:
        names = self._terms.names
        seen = [
            ObservedTag(names[column], TagCategory.GENERAL, float(row[column]))
            for column in np.flatnonzero(row >= self._thresholds)
        ]
        return ObservedTags(tuple(sorted(seen, key=lambda tag: (-tag.confidence, tag.name))), self._vocabulary)

    def _opened(self) -> PictureTextEmbedder:
        if self._embedder is None:
            embedder = self._open_embedder()
            embedded = embed_cached(self._terms.texts, embedder.embed_texts, self._cache_folder).astype(np.float64)
            self._texts = dict(zip(self._terms.texts, embedded))
            self._embedder = embedder
        return self._embedder

    def _score(self, group: TermGroup, pictures: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the confidences of one group for scaled embeddings of shape (n, d): shape (n, terms)."""
        fits = pictures @ np.stack([self._direction(term) for term in group.terms]).T
        if not group.is_one_of:
            against = np.stack([self._pooled(term.against, pictures) for term in group.terms], axis=1)
            return _sigmoid(fits - against)
        rivals = list(dict.fromkeys(term.against for term in group.terms if term.against))
        others = [self._pooled(texts, pictures) for texts in rivals]
        return _softmax(np.concatenate([fits, *(one[:, None] for one in others)], axis=1))[:, : len(group.terms)]

    def _direction(self, term: Term) -> npt.NDArray[np.float64]:
        mean = np.mean([self._texts[text] for text in term.texts], axis=0)
        direction: npt.NDArray[np.float64] = mean / np.linalg.norm(mean)
        return direction

    def _pooled(self, texts: Sequence[str], pictures: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Join several texts into one rival by log mean exp, so that their number does not matter: shape (n,)."""
        fits = pictures @ np.stack([self._texts[text] for text in texts]).T
        highest = fits.max(axis=1)
        pooled: npt.NDArray[np.float64] = highest + np.log(np.exp(fits - highest[:, None]).mean(axis=1))
        return pooled


def _sigmoid(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    chances: npt.NDArray[np.float64] = 0.5 * (1.0 + np.tanh(0.5 * logits))  # cannot overflow
    return chances


def _softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: npt.NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares
