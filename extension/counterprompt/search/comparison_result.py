"""What a comparison of prompts found: measured pictures, ranked for a goal."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from statistics import fmean, pstdev
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from counterprompt.search.statistics import PairedEstimate, paired_estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image

COMPONENTS: Final = ("resemblance", "agreement", "fidelity", "aesthetic", "cleanliness")
"""What a picture is measured by; see `ComparedPicture`."""

GOAL_WEIGHTS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "reproduce": {"resemblance": 1.0, "agreement": 1.0},
        "adapt": {"resemblance": 0.5, "agreement": 1.0, "fidelity": 0.25, "aesthetic": 0.25, "cleanliness": 0.25},
        "restyle": {"agreement": 1.0, "fidelity": 0.25, "aesthetic": 0.25, "cleanliness": 0.25},
        "learn": {"resemblance": 1.0, "agreement": 1.0, "aesthetic": 0.25, "cleanliness": 0.25},
    }
)
"""Goal to the weight of each component, in standard deviations over all pictures of the comparison."""

_SMALLEST_SPREAD: Final = 1e-3
"""A component that hardly differs between pictures must not decide."""


@dataclass(frozen=True)
class PromptVariant:
    """One way to word the picture."""

    name: str
    """"embedded", "reverse" or "merge"."""
    prompt: str
    """Positive prompt, complete."""
    negative_prompt: str
    """Negative prompt, complete."""


@dataclass(frozen=True)
class ComparedPicture:
    """One generated picture, measured."""

    seed: int
    """Its seed."""
    image: Image.Image
    """The picture itself."""
    resemblance: float
    """Cosine of its embedding and the dropped picture's, -1 to 1."""
    agreement: float
    """How far a tagger sees the same in both, 0 to 1: Ruzicka similarity of the tags' confidences."""
    fidelity: float
    """Cosine of picture and its own prompt, -1 to 1."""
    aesthetic: float
    """Aesthetic head, about 0 to 10."""
    cleanliness: float
    """1 less the mean probability of the artifact probes, 0 to 1."""


@dataclass(frozen=True)
class VariantResult:
    """What one prompt brought."""

    variant: PromptVariant
    """The prompt."""
    pictures: tuple[ComparedPicture, ...]
    """One per seed, in the order of the seeds."""
    totals: tuple[float, ...]
    """Weighted sum of the components of each picture, in standard deviations from the mean of all pictures."""
    lead: PairedEstimate | None
    """By how much the best prompt leads this one on the same seeds; None for the best itself."""

    def mean(self, component: str) -> float:
        """Average one of COMPONENTS over the pictures."""
        return fmean(getattr(picture, component) for picture in self.pictures)


@dataclass(frozen=True)
class Comparison:
    """Prompts compared on the same seeds, the best first."""

    results: tuple[VariantResult, ...]
    """One per different prompt."""
    goal: str
    """What they were weighed for; a key of GOAL_WEIGHTS."""
    seeds: tuple[int, ...]
    """The seeds all of them drew on."""

    @property
    def is_decided(self) -> bool:
        """Whether the best leads each other prompt beyond the doubt of its 95 % interval."""
        return all(result.lead is None or result.lead.low > 0 for result in self.results)

    @property
    def tied(self) -> tuple[str, ...]:
        """Names of the prompts that may be the best: the first, and those that it does not clearly lead."""
        return tuple(each.variant.name for each in self.results if each.lead is None or each.lead.low <= 0)


def rank_variants(
    variants: Sequence[PromptVariant],
    pictures: Sequence[Sequence[ComparedPicture]],
    *,
    goal: str,
    seeds: tuple[int, ...],
) -> Comparison:
    """Rank measured *pictures* (one row per variant, one column per seed, at least two) for *goal*, best first."""
    totals = _totals(pictures, GOAL_WEIGHTS[goal])
    order = sorted(range(len(variants)), key=lambda row: (-fmean(totals[row]), row))
    best = totals[order[0]]
    results = []
    for row in order:
        ahead = [leader - own for leader, own in zip(best, totals[row])]
        lead = None if row == order[0] else paired_estimate(ahead)
        results.append(VariantResult(variants[row], tuple(pictures[row]), tuple(totals[row]), lead))
    return Comparison(tuple(results), goal, seeds)


def _totals(pictures: Sequence[Sequence[ComparedPicture]], weights: Mapping[str, float]) -> list[list[float]]:
    everything = [picture for row in pictures for picture in row]
    centres, units = {}, {}
    for name in weights:
        values = [getattr(picture, name) for picture in everything]
        centres[name], units[name] = fmean(values), max(_SMALLEST_SPREAD, pstdev(values))

    def total(picture: ComparedPicture) -> float:
        return fsum(weight * (getattr(picture, name) - centres[name]) / units[name] for name, weight in weights.items())

    return [[total(picture) for picture in row] for row in pictures]


def settled_choice(comparison: Comparison, advised: str) -> str:
    """Say which prompt to use: the measured best where it is decided, else the *advised* one if it may be the best."""
    if comparison.is_decided or advised not in comparison.tied:
        return comparison.results[0].variant.name
    return advised
