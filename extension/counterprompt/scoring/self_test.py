"""The self-test: before a run, a scorer must rank pictures that are known to be good and damaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import ScorerError
from counterprompt.ports import defect_of
from counterprompt.scoring.filtered import without_artifacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PIL import Image

    from counterprompt.ports import Scorer, Scores
    from counterprompt.scoring.damage import DamagedPair

PASSING_SHARE: Final = 0.75
"""Share of pairs that a component must rank right; guessing gives 0.5."""
AESTHETIC: Final = "aesthetic"
PREFERENCE: Final = "preference"
_WHOLE_PICTURE: Final = (AESTHETIC, PREFERENCE)
"""Components that must notice every damage; the others are probes for one defect each."""


@dataclass(frozen=True)
class ComponentRanking:
    """How well one component of a scorer told good pictures from damaged ones."""

    component: str
    """"aesthetic", "preference", or an artifact by its name in `Scores.artifacts`."""
    share_right: float
    """Pairs it ranked right, 0 to 1, ties counting half. Pairs, because a search compares on the same seed too."""
    pairs: int
    """Pairs it was tried on, at least 1."""

    @property
    def is_passed(self) -> bool:
        """Whether it ranks well enough to steer a search."""
        return self.share_right >= PASSING_SHARE

    @property
    def reason(self) -> str:
        """Say in one sentence how it did."""
        return f'"{self.component}" ranks damaged pictures right in {self.share_right:.0%} of {self.pairs} pairs.'


@dataclass(frozen=True)
class SelfTest:
    """What the self-test found."""

    rankings: tuple[ComponentRanking, ...]
    """Aesthetic and preference over all pairs, then each probe whose defect was among the damages."""
    untested: tuple[str, ...]
    """Probes whose defect none of the pairs showed."""

    @property
    def failures(self) -> Mapping[str, str]:
        """Each component that failed, with the reason."""
        return {ranking.component: ranking.reason for ranking in self.rankings if not ranking.is_passed}


def run_self_test(scorer: Scorer, pairs: Sequence[DamagedPair], prompt: str = "") -> SelfTest:
    """Score both forms of every pair and measure how each component ranks them.

    Args:
        scorer: any scorer, also a user's own. A number that is none ranks nothing right.
        pairs: at least one; several damages and several pictures say more.
        prompt: what the pictures show, for scorers that care.

    Raises:
        ScorerError: there are no pairs, or the scorer does not give one score for each picture.
    """
    if not pairs:
        raise ScorerError("The scorer's self-test got no pictures; give at least one in good and damaged form.")
    good = _score_all(scorer, [pair.good for pair in pairs], prompt)
    damaged = _score_all(scorer, [pair.damaged for pair in pairs], prompt)
    shown = {pair.defect for pair in pairs}
    tested = [name for name in good[0].artifacts if defect_of(name) in shown]
    wholes = [_rank_whole(name, good, damaged) for name in _WHOLE_PICTURE if getattr(good[0], name) is not None]
    probes = [_rank_probe(name, pairs, good, damaged) for name in tested]
    return SelfTest((*wholes, *probes), tuple(name for name in good[0].artifacts if name not in tested))


def accept_scorer(scorer: Scorer, pairs: Sequence[DamagedPair], prompt: str = "") -> tuple[Scorer, SelfTest]:
    """Return *scorer* without the probes that fail the self-test, and what was found.

    Raises:
        ScorerError: the aesthetic or the preference component fails, or every probe that could be tested does: such a
            scorer cannot steer.
    """
    found = run_self_test(scorer, pairs, prompt)
    failures = found.failures
    for name in _WHOLE_PICTURE:
        if name in failures:
            raise ScorerError(f"The scorer {scorer.name} failed its self-test and is refused: {failures[name]}")
    probes = [ranking for ranking in found.rankings if ranking.component not in _WHOLE_PICTURE]
    if probes and len(failures) == len(probes):
        raise ScorerError(
            f"Every probe of {scorer.name} failed its self-test, so it is refused: {' '.join(failures.values())}"
        )
    return without_artifacts(scorer, failures), found


def share_ranked_right(lower: Sequence[float], higher: Sequence[float]) -> float:
    """Return the share of positions at which *higher* exceeds *lower*, ties counting half: 0 to 1."""
    return sum((above > below) + 0.5 * (above == below) for below, above in zip(lower, higher)) / len(lower)


def _score_all(scorer: Scorer, images: Sequence[Image.Image], prompt: str) -> Sequence[Scores]:
    scores = scorer.score(images, prompt)
    if len(scores) != len(images):
        raise ScorerError(
            f"{scorer.name} returned {len(scores)} scores for {len(images)} pictures; it must give one for each."
        )
    return scores


def _rank_whole(component: str, good: Sequence[Scores], damaged: Sequence[Scores]) -> ComponentRanking:
    lower, higher = ([getattr(each, component) for each in side] for side in (damaged, good))
    return ComponentRanking(component, share_ranked_right(lower, higher), len(good))


def _rank_probe(
    name: str, pairs: Sequence[DamagedPair], good: Sequence[Scores], damaged: Sequence[Scores]
) -> ComponentRanking:
    rows = [row for row, pair in enumerate(pairs) if pair.defect == defect_of(name)]
    without_it = [good[row].artifacts.get(name, 0.0) for row in rows]
    with_it = [damaged[row].artifacts.get(name, 0.0) for row in rows]
    return ComponentRanking(name, share_ranked_right(without_it, with_it), len(rows))
