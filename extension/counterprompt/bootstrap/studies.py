"""Everything that a study needs from outside."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.advice.inventory import fold_name
from counterprompt.bootstrap import miniature, scorers
from counterprompt.bootstrap.generators import model_name
from counterprompt.bootstrap.pictures import open_picture
from counterprompt.bootstrap.scorer_extras import NO_EXTRAS, ScorerExtras, add_extras
from counterprompt.bootstrap.taggers import load_tagger
from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.report.files import DROPPED_FILE
from counterprompt.search.folder import load_plan
from counterprompt.workflow.tuning import StudyAdapters

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from counterprompt.bootstrap.generators import GeneratorChoice
    from counterprompt.ports import ImageGenerator, ProgressListener, Tagger
    from counterprompt.settings import Settings


def load_adapters(
    choice: GeneratorChoice,
    generator: ImageGenerator,
    settings: Settings,
    progress: ProgressListener,
    open_dropped: Callable[[], Image.Image],
    scorer_folder: Path | None = None,
    extras: ScorerExtras = NO_EXTRAS,
) -> StudyAdapters:
    """Return everything that a study with *choice* needs, its scorer tested (DESIGN 5).

    Args:
        choice: what the user chose.
        generator: what `load_generator` returned for it.
        settings: the machine's.
        progress: hears of the study.
        open_dropped: opens the dropped picture or its copy; a scorer that is not the miniature's is tested on it.
        scorer_folder: overrules the settings.
        extras: what joins the scorer.

    Raises:
        InvalidInputError: the *extras* name something that there is not, or that cannot be kept out.
        MissingModelError: the scorer, the judge or one of the *extras* is not there.
        ScorerError: the scorer or the auditor failed its self-test.
        StoppedError: *progress* wanted it to end; looked at between one model and the next.
    """
    if choice.kind == "fake":
        if extras.auditor:
            raise InvalidInputError("The fake generator's pictures show nothing to audit; leave out --auditor.")
        from counterprompt.generation.fake import FakeScorer

        return StudyAdapters(generator, FakeScorer(), progress)
    from counterprompt.bootstrap.auditors import keep_out
    from counterprompt.miniature.reach import is_miniature, remark_on_scorer
    from counterprompt.scoring.auditors import accept_auditor
    from counterprompt.scoring.self_test import accept_scorer

    drawn_by = model_name(choice, generator)
    judge = miniature.load_judge() if is_miniature(drawn_by) else None
    is_miniatures = not (scorer_folder or settings.scorer_folder)
    pairs = scorers.self_test_pairs(None if is_miniatures else open_dropped())
    _refuse_if_stopped(progress)
    plain, auditor = scorers.load_scorer(settings, scorer_folder), None
    _refuse_if_stopped(progress)
    if extras.auditor:
        plain, auditor = keep_out(plain, extras, settings, is_miniature=is_miniature(drawn_by))
        accept_auditor(auditor, pairs)
    joined = add_extras(plain, extras, settings, is_miniature=is_miniature(drawn_by))
    _refuse_if_stopped(progress)
    scorer, found = accept_scorer(joined, pairs)
    _refuse_if_stopped(progress)
    remarks = [f"A probe is left out of this study: {reason}" for reason in found.failures.values()]
    if is_miniatures:
        remarks.append(remark_on_scorer(drawn_by))
    self_test = scorers.describe_self_test(found)
    return StudyAdapters(
        generator,
        scorer,
        progress,
        judge,
        self_test,
        tuple(filter(None, remarks)),
        evidence_tagger(extras, settings, is_miniature=is_miniature(drawn_by)),
        auditor,
    )


def _refuse_if_stopped(progress: ProgressListener) -> None:
    if progress.is_stop_requested():
        raise StoppedError("Stopped while models were loaded; whatever was scored before is kept.")


def load_adapters_again(
    folder: Path,
    choice: GeneratorChoice,
    generator: ImageGenerator,
    settings: Settings,
    progress: ProgressListener,
) -> StudyAdapters:
    """Return what the study in *folder* needs to go on: its own scorer and extras, whatever the *settings* name today.

    Raises:
        InvalidInputError: no study lives there, its copy of the picture is gone, or another checkpoint would draw.
        MissingModelError: the scorer, the judge or one of the extras is not there.
        ScorerError: the scorer or the auditor failed its self-test.
    """
    notes = dict(load_plan(folder).notes)
    noted, loaded = notes.get("model", ""), model_name(choice, generator)
    if noted and loaded and fold_name(noted) != fold_name(loaded):
        raise InvalidInputError(
            f"The study in {folder} was drawn with the checkpoint {noted}, and {loaded} is loaded; load the former, "
            "or start a new study."
        )
    return load_adapters(
        choice,
        generator,
        replace(settings, scorer_folder=None),
        progress,
        lambda: open_picture(folder / DROPPED_FILE),
        Path(notes["scorer_folder"]) if notes.get("scorer_folder") else None,
        ScorerExtras.from_notes(notes),
    )


def study_notes(
    choice: GeneratorChoice,
    generator: ImageGenerator,
    settings: Settings,
    scorer_folder: Path | None = None,
    extras: ScorerExtras = NO_EXTRAS,
) -> dict[str, str]:
    """Return what a plan has to note so that `load_adapters_again` finds everything; *scorer_folder* as there."""
    scorer = scorer_folder or settings.scorer_folder
    noted = {"scorer_folder": str(scorer.absolute()) if scorer else "", "model": model_name(choice, generator)}
    return {**choice.notes(), **noted, **extras.notes()}


def evidence_tagger(extras: ScorerExtras, settings: Settings, *, is_miniature: bool) -> Tagger | None:
    """Return the tagger that looks at generated pictures, where the *extras* ask for one that is not blind to them.

    Raises:
        MissingModelError: it is not there.
    """
    if not extras.has_evidence:
        return None
    folder = Path(extras.tagger) if extras.tagger else settings.tagger_folder
    return load_tagger(settings, folder) if folder or is_miniature else None
