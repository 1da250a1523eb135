"""Which scorer judges, and whether it can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.bootstrap.miniature import miniature_folder
from counterprompt.report.files import small_copy

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from counterprompt.scoring.clip_scorer import ClipScorer
    from counterprompt.scoring.damage import DamagedPair
    from counterprompt.scoring.self_test import SelfTest
    from counterprompt.settings import Settings
    from counterprompt.tags.probed import ProbedTerm


def load_scorer(settings: Settings, folder: Path | None = None) -> ClipScorer:
    """Return the scorer in *folder*, else the one of the *settings*, else the miniature's; it is not tested yet.

    Raises:
        MissingModelError: it is not there.
        ScorerError: the settings name a device that is not here, or what it cannot reckon in.
    """
    from counterprompt.scoring.clip_scorer import load_clip_scorer
    from counterprompt.scoring.guest import HOME, pick_device, pick_precision

    chosen = folder or settings.scorer_folder
    if chosen is None:  # the miniature's is so small that a card would only cost time
        return load_clip_scorer(miniature_folder() / "clip")
    device = pick_device(settings.scorer_device)
    precision = pick_precision(settings.scorer_precision, device)
    return load_clip_scorer(chosen, device=device, batch_size=16 if device == HOME else 64, precision=precision)


def probe_picture(image: Image.Image, settings: Settings, folder: Path) -> tuple[ProbedTerm, ...]:
    """Ask each probe of the scorer in *folder* about *image*.

    Raises:
        MissingModelError: the scorer is not there.
    """
    from counterprompt.tags.probed import ProbedTerm

    (scores,) = load_scorer(settings, folder).score([image], "")
    return tuple(ProbedTerm(term, probability) for term, probability in scores.artifacts.items())


def self_test_pairs(dropped: Image.Image | None) -> list[DamagedPair]:
    """Return pictures in good and damaged form: *dropped* damaged on purpose, or where it is None, drawn scenes.

    The same picture, large or as the study's copy, gives the same pairs, so that `resume` excludes what `tune` did.
    """
    if dropped is None:
        from counterprompt.miniature.pairs import defect_pairs

        return defect_pairs()
    from counterprompt.scoring.damage import damaged_pairs, picture_parts

    return damaged_pairs(picture_parts(small_copy(dropped)))


def describe_self_test(found: SelfTest) -> str:
    """Say for the report how each component of the scorer did."""
    shares = [f"{one.component} {one.share_right:.0%} of {one.pairs}" for one in found.rankings]
    left_out = f"; left out: {', '.join(found.failures)}" if found.failures else ""
    untested = f"; not tested, for want of such damage: {', '.join(found.untested)}" if found.untested else ""
    return f"good and damaged pictures ranked right: {', '.join(shares)}{left_out}{untested}"
