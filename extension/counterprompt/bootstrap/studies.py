"""Everything that a study needs from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.bootstrap import miniature, scorers
from counterprompt.bootstrap.generators import model_name
from counterprompt.workflow.tuning import StudyAdapters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PIL import Image

    from counterprompt.bootstrap.generators import GeneratorChoice
    from counterprompt.ports import ImageGenerator, ProgressListener
    from counterprompt.settings import Settings


def load_adapters(
    choice: GeneratorChoice,
    generator: ImageGenerator,
    settings: Settings,
    progress: ProgressListener,
    open_dropped: Callable[[], Image.Image],
    scorer_folder: Path | None = None,
) -> StudyAdapters:
    """Return everything that a study with *choice* needs, its scorer tested (DESIGN 5).

    Args:
        choice: what the user chose.
        generator: what `load_generator` returned for it.
        settings: the machine's.
        progress: hears of the study.
        open_dropped: opens the dropped picture or its copy; a scorer that is not the miniature's is tested on it.
        scorer_folder: overrules the settings.

    Raises:
        MissingModelError: the scorer or the judge is not there.
        ScorerError: the scorer failed its self-test.
    """
    if choice.kind == "fake":
        from counterprompt.generation.fake import FakeScorer

        return StudyAdapters(generator, FakeScorer(), progress)
    from counterprompt.miniature.reach import is_miniature, remark_on_scorer
    from counterprompt.scoring.self_test import accept_scorer

    drawn_by = model_name(choice, generator)
    judge = miniature.load_judge() if is_miniature(drawn_by) else None
    is_miniatures = not (scorer_folder or settings.scorer_folder)
    pairs = scorers.self_test_pairs(None if is_miniatures else open_dropped())
    scorer, found = accept_scorer(scorers.load_scorer(settings, scorer_folder), pairs)
    remarks = [f"A probe is left out of this study: {reason}" for reason in found.failures.values()]
    if is_miniatures:
        remarks.append(remark_on_scorer(drawn_by))
    self_test = scorers.describe_self_test(found)
    return StudyAdapters(generator, scorer, progress, judge, self_test, tuple(filter(None, remarks)))
