"""The miniature's tagger as prompts need it: without the tag that no caption ever says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.ports import Tagger
    from counterprompt.tags.observed import ObservedTags

UNSPOKEN: Final = frozenset({"plain"})
"""The tag for having no style. The model must name one style of each picture, but `captions` never says this one, so
in a prompt it would mean nothing to the miniature."""


class MiniatureTagger:
    """Implements `ports.Tagger`: what *tagger* sees, but for the UNSPOKEN tags, which become unobservable."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every tag it could give."""
        return self._tagger.vocabulary - UNSPOKEN

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Tag each picture, in order; raises what the tagger inside raises."""
        return [
            replace(
                observed,
                tags=tuple(tag for tag in observed.tags if tag.name not in UNSPOKEN),
                vocabulary=observed.vocabulary - UNSPOKEN,
            )
            for observed in self._tagger.tag(images)
        ]
