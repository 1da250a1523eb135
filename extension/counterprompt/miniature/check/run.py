"""Runs every check of the miniature."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from counterprompt.miniature.assets import WEIGHTS
from counterprompt.miniature.check.drawing import (
    check_compliance,
    check_defects,
    check_harshness,
    check_loras,
    check_overlong,
    check_speed,
)
from counterprompt.miniature.check.judged import JudgedPictures
from counterprompt.miniature.check.readers import check_probes_on_drawn, check_probes_on_generated, check_tagging
from counterprompt.miniature.check.result import CheckResult
from counterprompt.ports import SilentProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.miniature.judge import Judge
    from counterprompt.ports import ImageGenerator, ProgressListener, Scorer, Tagger


class MiniatureCheck:
    """Runs the checks one by one.

    Args:
        generator: the miniature behind the generator port.
        scorer: reads the miniature's CLIP.
        tagger: reads the miniature's tagger.
        judge: says what is true.
        samples: pictures for each setting, at least 16.
        progress: hears of every batch.
    """

    def __init__(
        self,
        generator: ImageGenerator,
        scorer: Scorer,
        tagger: Tagger,
        judge: Judge,
        *,
        samples: int = 128,
        progress: ProgressListener | None = None,
    ) -> None:
        self._scorer, self._tagger = scorer, tagger
        self._pictures = JudgedPictures(generator, judge, samples)
        self._progress = progress or SilentProgress()

    def run(self) -> list[CheckResult]:
        """Measure everything; minutes, depending on *samples*."""
        scorer, pictures = self._scorer, self._pictures
        checks: list[Callable[[], list[CheckResult]]] = [
            check_weights,
            partial(check_tagging, self._tagger),
            partial(check_probes_on_drawn, scorer),
            partial(check_defects, pictures),
            partial(check_compliance, pictures),
            partial(check_harshness, pictures),
            partial(check_loras, pictures),
            partial(check_overlong, pictures),
            partial(check_probes_on_generated, scorer, pictures),
            partial(check_speed, pictures),
        ]
        results: list[CheckResult] = []
        for number, check in enumerate(checks):
            self._progress.advance("checks", number, len(checks))
            results += check()
        return results


def check_weights() -> list[CheckResult]:
    """Measure the size of the weights."""
    megabytes = sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file()) / 1e6
    return [CheckResult("weights together", "<= 24 MB", f"{megabytes:.1f} MB", 0, megabytes <= 24)]
