"""What a comparison of prompts found: measured pictures, ranked for a goal."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, sqrt
from statistics import fmean, pvariance
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
        "reproduce": {"agreement": 1.0, "resemblance": 0.5},
        "adapt": {"agreement": 1.0, "resemblance": 0.5, "fidelity": 0.25, "aesthetic": 0.25, "cleanliness": 0.25},
        "restyle": {"agreement": 1.0, "fidelity": 0.25, "aesthetic": 0.25, "cleanliness": 0.25},
        "learn": {"agreement": 1.0, "resemblance": 0.5, "aesthetic": 0.25, "cleanliness": 0.25},
    }
)
"""Goal to the weight of each component, in spreads; see `Comparison`.

Agreement counts most, for a tagger was trained to say what a picture shows, while a CLIP also hears how it looks.
To reproduce, quality has no weight of its own: a defect that the dropped picture does not have already makes a picture
less like it, and one that it has is neither wanted nor avoided.
"""

_SMALLEST_SPREADS: Final[Mapping[str, float]] = MappingProxyType(
    {"agreement": 0.02, "resemblance": 0.01, "fidelity": 0.005, "aesthetic": 0.05, "cleanliness": 0.01}
)
"""Smallest spread a component is measured in: one that hardly differs between pictures must not decide."""

_STOPPING_CONFIDENCE: Final = 0.99
"""Asked for before drawing ends early: several looks at 95 % would together be wrong more often than that."""


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
    """Cosine of its embedding and the dropped picture's, but for the defects of the latter, -1 to 1."""
    agreement: float
    """How far a tagger sees the same in both, 0 to 1; see `agreement.tag_agreement`."""
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
    """Weighted sum of the components of each picture, in spreads from the mean of all pictures."""
    lead: PairedEstimate | None
    """By how much the best prompt leads this one on the same seeds; None for the best itself."""

    def mean(self, component: str) -> float:
        """Average one of COMPONENTS over the pictures."""
        return fmean(getattr(picture, component) for picture in self.pictures)

    def interval(self, component: str) -> tuple[float, float]:
        """Return the 95 % interval of that average."""
        estimate = paired_estimate([getattr(picture, component) for picture in self.pictures])
        return estimate.low, estimate.high


@dataclass(frozen=True)
class Comparison:
    """Prompts compared on the same seeds, the best first.

    Totals are told in spreads: of each component, the standard deviation between pictures of one and the same prompt,
    pooled over the prompts. What seeds alone do to a picture is so the unit of what prompts do to it.
    """

    results: tuple[VariantResult, ...]
    """One per different prompt."""
    goal: str
    """What they were weighed for; a key of GOAL_WEIGHTS."""
    seeds: tuple[int, ...]
    """The seeds all of them drew on."""

    planned: int = 0
    """How many seeds there were to be at most."""
    is_stopped: bool = False
    """Whether the user ended it before it was decided and before all seeds were drawn."""

    @property
    def is_decided(self) -> bool:
        """Whether the best leads each other prompt beyond the doubt of its 95 % interval."""
        return all(result.lead is None or result.lead.low > 0 for result in self.results)

    @property
    def is_settled(self) -> bool:
        """Whether it leads beyond the doubt of a 99 % interval, so that more seeds need not be drawn."""
        best = self.results[0].totals
        return all(
            paired_estimate(differences(best, result.totals), _STOPPING_CONFIDENCE).low > 0
            for result in self.results[1:]
        )

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
    planned: int = 0,
    is_stopped: bool = False,
) -> Comparison:
    """Rank measured *pictures* (one row per variant, one column per seed, at least two) for *goal*, best first."""
    totals = _totals(pictures, GOAL_WEIGHTS[goal])
    order = sorted(range(len(variants)), key=lambda row: (-fmean(totals[row]), row))
    best = totals[order[0]]
    results = []
    for row in order:
        lead = None if row == order[0] else paired_estimate(differences(best, totals[row]))
        results.append(VariantResult(variants[row], tuple(pictures[row]), tuple(totals[row]), lead))
    return Comparison(tuple(results), goal, seeds, planned or len(seeds), is_stopped)


def differences(leader: Sequence[float], other: Sequence[float]) -> list[float]:
    """Subtract *other* from *leader*, seed by seed."""
    return [ahead - own for ahead, own in zip(leader, other)]


def _totals(pictures: Sequence[Sequence[ComparedPicture]], weights: Mapping[str, float]) -> list[list[float]]:
    centres, units = {}, {}
    for name in weights:
        rows = [[getattr(picture, name) for picture in row] for row in pictures]
        centres[name] = fmean(value for row in rows for value in row)
        units[name] = max(_SMALLEST_SPREADS[name], sqrt(fmean(pvariance(row) for row in rows)))

    def total(picture: ComparedPicture) -> float:
        return fsum(weight * (getattr(picture, name) - centres[name]) / units[name] for name, weight in weights.items())

    return [[total(picture) for picture in row] for row in pictures]


def settled_choice(comparison: Comparison, advised: str) -> str:
    """Say which prompt to use: the measured best, also where its lead is in doubt; the *advised* one if it is level.

    A lead in doubt is still better evidence than advice that has seen no picture of either prompt.
    """
    best = comparison.results[0]
    level = [each.variant.name for each in comparison.results if each.lead is None or each.lead.mean == 0]
    return advised if advised in level else best.variant.name
