"""The honest judge: says what a picture of the miniature really shows. The objective never sees it.

It is a classifier of its own, trained on other pictures than the tagger and CLIP, and measures that need no training.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from counterprompt.miniature.assets import WEIGHTS, require
from counterprompt.miniature.classifier import JUDGE_WIDTHS, new_classifier
from counterprompt.miniature.labels import GROUPS, TAGS
from counterprompt.miniature.world import DEFECTS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

_PRESENT: Final = 0.5


@dataclass(frozen=True)
class Judgement:
    """What one picture really shows."""

    probabilities: Mapping[str, float]
    """Every tag of labels.TAGS to its probability, 0 to 1."""

    @property
    def defects(self) -> tuple[str, ...]:
        """The treatable defects present, in the order of world.DEFECTS; extra arms count on persons alone."""
        found = (name for name in DEFECTS if self.probabilities[name] > _PRESENT)
        return tuple(name for name in found if name != "bad anatomy" or self.most_likely("shape") == "person")

    def most_likely(self, group: str) -> str:
        """Name the likeliest tag of one of labels.GROUPS."""
        return max(GROUPS[group], key=lambda tag: self.probabilities[tag])

    def shows(self, tag: str) -> bool:
        """Whether *tag* is more likely than not."""
        return self.probabilities[tag] > _PRESENT


class Judge:
    """Judges pictures of 64 by 64 pixels; others are scaled to that size first."""

    def __init__(self, network: Any) -> None:
        self._network = network

    def judge(self, images: Sequence[Image.Image]) -> list[Judgement]:
        """Judge each picture, in order."""
        import torch

        judgements = []
        with torch.inference_mode():
            for start in range(0, len(images), 64):
                pixels = torch.from_numpy(as_array(images[start : start + 64]))
                rows = self._network(pixels.permute(0, 3, 1, 2).float() / 127.5 - 1).sigmoid().tolist()
                judgements += [Judgement(dict(zip(TAGS, row))) for row in rows]
        return judgements

    def defect_rates(self, images: Sequence[Image.Image]) -> dict[str, float]:
        """Return the share of pictures with each defect of world.DEFECTS, and under "any" with at least one, 0 to 1."""
        judgements = self.judge(images)
        rates = {name: sum(name in one.defects for one in judgements) / len(judgements) for name in DEFECTS}
        return {**rates, "any": sum(bool(one.defects) for one in judgements) / len(judgements)}


@lru_cache(maxsize=1)
def load_judge() -> Judge:
    """Load the judge that ships with the miniature.

    Raises:
        MissingModelError: its weights are not where they were installed.
    """
    from safetensors.torch import load_file

    network = new_classifier(JUDGE_WIDTHS)
    network.load_state_dict(
        {name: value.float() for name, value in load_file(require(WEIGHTS / "judge.safetensors")).items()}, strict=False
    )
    return Judge(network.eval())


def as_array(images: Sequence[Image.Image]) -> npt.NDArray[np.uint8]:
    """Stack pictures as uint8 RGB of shape (n, 64, 64, 3)."""
    import numpy as np
    from PIL import Image

    size = (64, 64)
    return np.stack([np.asarray(image.convert("RGB").resize(size, Image.Resampling.LANCZOS)) for image in images])


def harshness(images: Sequence[Image.Image]) -> float:
    """Return the mean share of pixels with a clipped channel, 0 to 1: what too strong a guidance drives up."""
    import numpy as np

    pixels = as_array(images)
    return float(np.mean(((pixels <= 2) | (pixels >= 253)).any(axis=-1)))
