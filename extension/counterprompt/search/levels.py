"""Single numbers that stand for a component of a picture's scores."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.ports import TAGGER_MARK

if TYPE_CHECKING:
    from counterprompt.ports import Scores


def preference_gain(scores: Scores, baseline: Scores) -> float:
    """Return by how many points a preference model likes *scores* better; 0 where it was not asked of both."""
    if scores.preference is None or baseline.preference is None:
        return 0.0
    return scores.preference - baseline.preference


def artifact_level(scores: Scores) -> float:
    """Return the mean probability of the artifacts, 0 to 1; 0 where there are none.

    A tagger's words are averaged by themselves first: it has more of them than a CLIP has probes, and would drown them.
    """
    tagged = [chance for name, chance in scores.artifacts.items() if name.startswith(TAGGER_MARK)]
    probed = [chance for name, chance in scores.artifacts.items() if not name.startswith(TAGGER_MARK)]
    return fmean([fmean(chances) for chances in (probed, tagged) if chances] or [0.0])
