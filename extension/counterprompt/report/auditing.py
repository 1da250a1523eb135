"""The auditor's look at the proof: the kept pictures of both sides, rated by what had no part in the search."""

from __future__ import annotations

from statistics import fmean, stdev
from typing import TYPE_CHECKING

from counterprompt.report.cross_checks import AuditResult
from counterprompt.search.statistics import paired_estimate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PIL import Image

    from counterprompt.ports import Auditor
    from counterprompt.search.verification import HeldOut

_AT_ONCE = 16


def audit_pairs(held_out: HeldOut, folder: Path, auditor: Auditor | None, prompt: str) -> AuditResult | None:
    """Let *auditor* rate the kept pictures of both sides for *prompt*; None without one, or of fewer than two pairs.

    It sees the copies that the study in *folder* kept, at most 512 pixels wide and high, the same for both sides.
    """
    pairs = held_out.pairs
    if auditor is None or len(pairs) < 2:
        return None
    before = _rate(auditor, [folder / pair.baseline_picture for pair in pairs], prompt)
    after = _rate(auditor, [folder / pair.challenger_picture for pair in pairs], prompt)
    spread = stdev(before) or stdev(after) or 1.0
    estimate = paired_estimate([(new - old) / spread for new, old in zip(after, before)])
    return AuditResult(
        auditor=auditor.name,
        pairs=len(pairs),
        baseline=fmean(before),
        winner=fmean(after),
        gain=estimate.mean,
        ci95=(estimate.low, estimate.high),
        win_rate=estimate.win_rate,
    )


def _rate(auditor: Auditor, paths: Sequence[Path], prompt: str) -> list[float]:
    ratings: list[float] = []
    for start in range(0, len(paths), _AT_ONCE):
        ratings += auditor.rate([_open(path) for path in paths[start : start + _AT_ONCE]], prompt)
    return ratings


def _open(path: Path) -> Image.Image:
    from PIL import Image

    with Image.open(path) as opened:
        return opened.convert("RGB")
