"""Auditors: measures that are kept out of a search and look at what it found (DESIGN 5)."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.errors import MissingModelError, ScorerError
from counterprompt.ports import Scores
from counterprompt.scoring.self_test import PASSING_SHARE, share_ranked_right
from counterprompt.scoring.tagged_scorer import TaggedScorer, defect_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.ports import Auditor, Tagger
    from counterprompt.scoring.aesthetic import AestheticHead
    from counterprompt.scoring.damage import DamagedPair
    from counterprompt.scoring.embedder import ClipEmbedder
    from counterprompt.scoring.preference import PreferenceModel
    from counterprompt.scoring.probes import ProbeBank

    Pictures = Sequence[Image.Image]


class PreferenceAuditor:
    """Implements `ports.Auditor` with a preference model."""

    defects = None

    def __init__(self, model: PreferenceModel) -> None:
        self.name = model.name
        self._model = model

    def rate(self, images: Pictures, prompt: str) -> list[float]:
        """Rate each picture by what the model says people would like."""
        return self._model.score(images, prompt)


class HeadAuditor:
    """Implements `ports.Auditor` with an aesthetic head.

    Args:
        head: trained on the *embedder*'s CLIP.
        embedder: that CLIP.

    Raises:
        MissingModelError: the two do not fit.
    """

    defects = None

    def __init__(self, head: AestheticHead, embedder: ClipEmbedder) -> None:
        width = embedder.embed_texts([""]).shape[1]
        if head.direction.shape != (width,):
            raise MissingModelError(
                f"The auditor {head.name} reads {head.direction.size} numbers, but {embedder.clip.name} gives {width}; "
                "choose a head that was trained on this CLIP."
            )
        self.name = head.name
        self._head, self._embedder = head, embedder

    def rate(self, images: Pictures, prompt: str) -> list[float]:
        """Rate each picture by the head, about 0 to 10."""
        return [float(score) for score in self._head.score(self._embedder.embed_pictures(images))]


class ProbeAuditor:
    """Implements `ports.Auditor` with a group of CLIP probes, which the scorer does without.

    Args:
        probes: at least one.
        embedder: their CLIP.
    """

    def __init__(self, probes: ProbeBank, embedder: ClipEmbedder) -> None:
        self.name = f"the CLIP's probes for {', '.join(probes.defects)}"
        self.defects = frozenset(probes.defects)
        self._probes, self._embedder = probes, embedder

    def rate(self, images: Pictures, prompt: str) -> list[float]:
        """Rate each picture by how free of these defects it is, 0 to 1."""
        chances = self._probes.probabilities(self._embedder.embed_pictures(images))
        return [float(1.0 - chance) for chance in chances.mean(axis=1)]


class TaggerAuditor:
    """Implements `ports.Auditor` with a tagger's tags for defects.

    Args:
        tagger: one with a low threshold; it must know tags for defects.

    Raises:
        MissingModelError: it knows none.
    """

    def __init__(self, tagger: Tagger) -> None:
        self.defects = frozenset(defect_tags(tagger.vocabulary))
        self.name = f"the defect tags of {getattr(tagger, 'name', type(tagger).__name__)}"
        self._tagged = TaggedScorer(_NothingSaid(), tagger)
        if not self.defects:
            raise MissingModelError(f"{self.name} cannot audit: it knows no tag for a defect; name another tagger.")

    def rate(self, images: Pictures, prompt: str) -> list[float]:
        """Rate each picture by how free of defect tags it is, 0 to 1; what *prompt* asks for is no defect."""
        scores = self._tagged.score(images, prompt)
        return [1.0 - fmean(each.artifacts.values()) if each.artifacts else 1.0 for each in scores]


class _NothingSaid:
    """A scorer that leaves all to the tagger."""

    name = "nothing"

    def score(self, images: Pictures, prompt: str) -> list[Scores]:
        """Give empty scores."""
        return [Scores(0.0, 0.0) for _ in images]


def accept_auditor(auditor: Auditor, pairs: Sequence[DamagedPair], prompt: str = "") -> float:
    """Return the share of *pairs* that *auditor* ranks right, those with defects that it can notice.

    Raises:
        ScorerError: it ranks too few right, or can notice none of the defects: its opinion would be worth nothing.
    """
    shown = [pair for pair in pairs if auditor.defects is None or pair.defect in auditor.defects]
    if not shown:
        known = ", ".join(sorted(auditor.defects or ()))
        raise ScorerError(
            f"The auditor {auditor.name} was not tested: no test picture shows {known}; choose another auditor."
        )
    good, damaged = ([getattr(pair, side) for pair in shown] for side in ("good", "damaged"))
    share = share_ranked_right(auditor.rate(damaged, prompt), auditor.rate(good, prompt))
    if share < PASSING_SHARE:
        raise ScorerError(
            f"The auditor {auditor.name} is refused: it ranks damaged pictures right in {share:.0%} of "
            f"{len(shown)} pairs, guessing gives half; choose another auditor."
        )
    return share
