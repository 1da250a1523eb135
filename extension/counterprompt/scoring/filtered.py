"""A scorer that keeps quiet about artifacts it cannot judge."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from counterprompt.ports import Scorer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image

    from counterprompt.ports import Scores


@runtime_checkable
class SelectiveScorer(Scorer, Protocol):
    """A scorer that can leave out artifacts by itself, and so save their cost."""

    def without(self, reasons: Mapping[str, str]) -> Scorer:
        """Return a copy that leaves out the artifacts named in *reasons* and remembers why."""
        ...


class FilteredScorer:
    """Implements `ports.Scorer`: what *scorer* says, without the artifacts named in *excluded*.

    Args:
        scorer: any scorer, such as a user's own.
        excluded: artifacts to leave out, with the reason of each.
    """

    def __init__(self, scorer: Scorer, excluded: Mapping[str, str]) -> None:
        self.scorer = scorer
        self.excluded = MappingProxyType(dict(excluded))

    @property
    def name(self) -> str:
        """The scorer's, since the others of its scores are the same."""
        return self.scorer.name

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the scorer inside has to say of its work."""
        return remarks_of(self.scorer)

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Score each picture, in order; raises what the scorer inside raises."""
        return [
            replace(each, artifacts={name: p for name, p in each.artifacts.items() if name not in self.excluded})
            for each in self.scorer.score(images, prompt)
        ]


def remarks_of(scorer: Scorer) -> tuple[str, ...]:
    """Return what *scorer* has to say of its work so far, one sentence each; many have nothing."""
    return tuple(getattr(scorer, "remarks", ()))


def without_artifacts(scorer: Scorer, reasons: Mapping[str, str]) -> Scorer:
    """Return *scorer* without the artifacts named in *reasons*, which may be none."""
    if not reasons:
        return scorer
    return scorer.without(reasons) if isinstance(scorer, SelectiveScorer) else FilteredScorer(scorer, reasons)
