"""The study of a picture: planned, run, resumed and reported."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.negative.evidence import dynamic_layer
from counterprompt.negative.subject import layers_for, medium_of, subject_of
from counterprompt.report.answers import choice_of
from counterprompt.report.assemble import Findings, assemble_report
from counterprompt.report.auditing import audit_pairs
from counterprompt.report.chips import chips_of
from counterprompt.report.controls import Judge, judge_pairs, measure_controls
from counterprompt.report.files import DROPPED_FILE, keep_dropped, load_dropped, write_report
from counterprompt.report.picture_record import PictureRecord, ReasonLine
from counterprompt.search.folder import PLAN_FILE, load_plan
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.space import DYNAMIC
from counterprompt.search.study import run_study
from counterprompt.search.time_limit import settled_plan
from counterprompt.workflow.baseline import baseline_request, checked_request
from counterprompt.workflow.ranges import space_within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from PIL import Image

    from counterprompt.negative.layers import NegativeLayer
    from counterprompt.ports import Auditor, GenerationRequest, ImageGenerator, ProgressListener, Scorer, Tagger
    from counterprompt.report.content import Control, ReportContent
    from counterprompt.search.taste.interview import Asking
    from counterprompt.workflow.baseline import TuneChoices
    from counterprompt.workflow.story import PictureStory

_CONTROLS = "controls"

ANTI_PROMPT_SEEDS: Final = 4
"""Pictures that the opposite of the prompt is drawn on, where that is wished for."""


@dataclass(frozen=True)
class StudyAdapters:
    """What a study needs from outside."""

    generator: ImageGenerator
    """Draws."""
    scorer: Scorer
    """Scores."""
    progress: ProgressListener
    """Hears."""
    judge: Judge | None = None
    """Knows the truth, which the search never sees; None where nobody does."""
    self_test: str = ""
    """How the scorer did in its self-test, for the report; "" where it took none."""
    remarks: tuple[str, ...] = ()
    """What to know of them before the study, one sentence each."""
    tagger: Tagger | None = None
    """Sees defects in generated pictures, so that they are on offer; None where nobody looks."""
    auditor: Auditor | None = None
    """Rates the proof pictures and has no part in the objective; None where none was asked for."""
    may_prove_again: bool = True
    """Whether the report may offer a second proof: whoever runs the study must be able to run it again."""
    asking: Asking | None = None
    """Who chooses among pictures beside the scorer; None where nobody does."""


def plan_tuning(
    story: PictureStory, choices: TuneChoices, notes: Mapping[str, str], baseline: GenerationRequest | None = None
) -> StudyPlan:
    """Plan the study of a picture: layers by subject and medium, dynamic terms by the diff's evidence.

    *notes* are kept with the plan, for resuming. Everything is measured against *baseline*, by default the picture's
    own settings.

    Raises:
        InvalidInputError: the picture cannot be tuned, or the budget is too small for the seeds asked for.
    """
    baseline = checked_request(baseline) if baseline else baseline_request(story, choices)
    layers, dynamic_terms = _layers_on_offer(story, choices, baseline)
    return plan_study(
        baseline,
        space_within(choices, baseline, layers, dynamic_terms),
        choices.budget,
        proof_seeds=choices.held_out,
        search_seeds=choices.search_seeds,
        score_weights=choices.score_weights,
        guard_limits=choices.guard_limits,
        looks_again=choices.looks_again,
        tries_schedules=choices.tries_schedules,
        anti_prompt_seeds=ANTI_PROMPT_SEEDS if choices.has_anti_prompt else 0,
        search_seed=choices.search_seed,
        notes={**notes, _CONTROLS: "yes" if choices.controls else "no"},
        minutes=choices.minutes,
        has_controls=choices.controls,
        seed_run=choices.seed_run,
        stops_early=choices.stops_early,
    )


def _layers_on_offer(
    story: PictureStory, choices: TuneChoices, baseline: GenerationRequest
) -> tuple[Sequence[NegativeLayer], tuple[str, ...]]:
    """Return the layers to choose from and the dynamic terms."""
    if choices.layers is None:
        return layers_for(subject_of(baseline.prompt), medium_of(baseline.prompt)), dynamic_layer(story.diff).terms
    dynamic = tuple(term for layer in choices.layers if layer.name == DYNAMIC for term in layer.terms)
    return [layer for layer in choices.layers if layer.name != DYNAMIC], dynamic


def tune(
    image: Image.Image, story: PictureStory, plan: StudyPlan, adapters: StudyAdapters, folder: Path
) -> ReportContent:
    """Run the new study *plan* of the picture in *folder* and write its report there.

    Raises:
        InvalidInputError: *folder* holds a study already, or cannot be written.
        StoppedError: the user stopped it; `resume` goes on.
        GeneratorError: the generator failed; `resume` goes on.
    """
    refuse_used_folder(folder)
    keep_dropped(image, record_of(story), folder)
    return _finish(plan, adapters, folder, time.monotonic())


def resume(folder: Path, adapters: StudyAdapters) -> ReportContent:
    """Go on with the study in *folder* and write its report; raises what `tune` raises.

    The report does not say how long the pictures took: nobody knows of the earlier runs.
    """
    return _finish(load_plan(folder), adapters, folder)


def refuse_used_folder(folder: Path) -> None:
    """Refuse a *folder* in which a study lives.

    Raises:
        InvalidInputError: one does.
    """
    if (folder / PLAN_FILE).exists():
        raise InvalidInputError(
            f"The folder {folder} holds a study already; go on with `counterprompt resume {folder}` or name another."
        )


def _finish(plan: StudyPlan, adapters: StudyAdapters, folder: Path, started: float | None = None) -> ReportContent:
    outcome = run_study(
        plan,
        adapters.generator,
        adapters.scorer,
        adapters.progress,
        folder,
        adapters.tagger,
        asking=adapters.asking,
    )
    plan = settled_plan(plan, folder)
    controls: tuple[Control, ...] = ()
    extra = 0
    if dict(plan.notes).get(_CONTROLS) == "yes":
        controls, extra = measure_controls(
            plan, outcome.proofs, adapters.generator, adapters.scorer, adapters.progress, folder
        )
    judged = judge_pairs(outcome.held_out, folder, adapters.judge) if adapters.judge else ()
    findings = Findings(
        picture=load_dropped(folder),
        controls=controls,
        control_pictures=extra,
        audit=audit_pairs(outcome.held_out, folder, adapters.auditor, plan.baseline.prompt),
        judged=judged,
        judged_pictures=len(outcome.held_out.pairs) if judged else 0,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        elapsed="" if started is None else f"{time.monotonic() - started:.0f} s",
    )
    content = _with_self_test(assemble_report(outcome, plan, findings, str(folder)), adapters.self_test)
    if not adapters.may_prove_again:
        content = replace(content, telling_seeds=None)
    write_report(content, folder)
    return content


def _with_self_test(content: ReportContent, self_test: str) -> ReportContent:
    return replace(content, measured=(*content.measured, ("Self-test", self_test))) if self_test else content


def record_of(story: PictureStory) -> PictureRecord:
    """Return what the report shows of *story*."""
    return PictureRecord(
        dropped=DROPPED_FILE,
        infotext=story.reading.infotext or "",
        program=story.reading.program,
        diff=chips_of(story.diff),
        advice=choice_of(story.advice),
        reasons=tuple(ReasonLine(reason.rule_id, reason.text) for reason in story.advice.reasons),
    )
