"""The self-test: before a run, a scorer must rank pictures that are known to be good and damaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import ScorerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterprompt.ports import Scorer, Scores
    from counterprompt.scoring.clip_scorer import ClipScorer
    from counterprompt.scoring.damage import DamagedPair

PASSING_SHARE: Final = 0.75
"""Share of pairs that a component must rank right; guessing gives 0.5."""
AESTHETIC: Final = "aesthetic"


@dataclass(frozen=True)
class ComponentRanking:
    """How well one component of a scorer told good pictures from damaged ones."""

    component: str
    """"aesthetic", or the defect that a probe polices."""
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
    """The aesthetic head over all pairs, then each probe whose defect was among the damages."""
    untested: tuple[str, ...]
    """Probes whose defect none of the pairs showed."""

    @property
    def failures(self) -> Mapping[str, str]:
        """Each component that failed, with the reason."""
        return {ranking.component: ranking.reason for ranking in self.rankings if not ranking.is_passed}


def run_self_test(scorer: Scorer, pairs: Sequence[DamagedPair], prompt: str = "") -> SelfTest:
    """Score both forms of every pair and measure how each component ranks them.

    Args:
        scorer: any scorer.
        pairs: at least one; several damages and several pictures say more.
        prompt: what the pictures show, for scorers that care.

    Raises:
        ScorerError: there are no pairs.
    """
    if not pairs:
        raise ScorerError("The scorer's self-test got no pictures; give at least one in good and damaged form.")
    good = scorer.score([pair.good for pair in pairs], prompt)
    damaged = scorer.score([pair.damaged for pair in pairs], prompt)
    shown = list(dict.fromkeys(pair.defect for pair in pairs))
    tested = [defect for defect in shown if defect in good[0].artifacts]
    aesthetic = ComponentRanking(
        AESTHETIC, share_ranked_right([one.aesthetic for one in damaged], [one.aesthetic for one in good]), len(pairs)
    )
    probes = [_rank_probe(defect, pairs, good, damaged) for defect in tested]
    return SelfTest((aesthetic, *probes), tuple(defect for defect in good[0].artifacts if defect not in tested))


def accept_scorer(scorer: ClipScorer, pairs: Sequence[DamagedPair], prompt: str = "") -> tuple[ClipScorer, SelfTest]:
    """Return *scorer* without the probes that fail the self-test, and what was found; `excluded` names them.

    Raises:
        ScorerError: the aesthetic head fails, or every probe that could be tested does: such a scorer cannot steer.
    """
    found = run_self_test(scorer, pairs, prompt)
    failures = found.failures
    if AESTHETIC in failures:
        raise ScorerError(f"The scorer {scorer.name} failed its self-test and is refused: {failures[AESTHETIC]}")
    if len(found.rankings) > 1 and len(failures) == len(found.rankings) - 1:
        raise ScorerError(
            f"Every probe of {scorer.name} failed its self-test, so it is refused: {' '.join(failures.values())}"
        )
    return (scorer.without(failures) if failures else scorer), found


def share_ranked_right(lower: Sequence[float], higher: Sequence[float]) -> float:
    """Return the share of positions at which *higher* exceeds *lower*, ties counting half: 0 to 1."""
    return sum((above > below) + 0.5 * (above == below) for below, above in zip(lower, higher)) / len(lower)


def _rank_probe(
    defect: str, pairs: Sequence[DamagedPair], good: Sequence[Scores], damaged: Sequence[Scores]
) -> ComponentRanking:
    rows = [row for row, pair in enumerate(pairs) if pair.defect == defect]
    without_it = [good[row].artifacts[defect] for row in rows]
    with_it = [damaged[row].artifacts[defect] for row in rows]
    return ComponentRanking(defect, share_ranked_right(without_it, with_it), len(rows))
