"""The use cases. Adapters are passed in; nothing here knows a concrete one."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from counterprompt.advice.advise import Advice, Goal, advise
from counterprompt.advice.inventory import Inventory
from counterprompt.advice.resources import Resources, find_resources, look_up
from counterprompt.errors import InvalidInputError
from counterprompt.infotext.params import GenerationParams
from counterprompt.negative.evidence import dynamic_layer
from counterprompt.negative.subject import layers_for, medium_of, subject_of
from counterprompt.ports import GenerationRequest
from counterprompt.prompts.extra_networks import without_missing_loras
from counterprompt.prompts.terms import split_terms
from counterprompt.report.answers import choice_of
from counterprompt.report.assemble import Findings, assemble_report
from counterprompt.report.chips import chips_of
from counterprompt.report.content import PictureRecord, ReasonLine
from counterprompt.report.controls import Judge, judge_pairs, measure_controls
from counterprompt.report.files import DROPPED_FILE, keep_dropped, load_dropped, write_report
from counterprompt.search.comparison import Comparer, compare_prompts
from counterprompt.search.comparison_result import Comparison, PromptVariant
from counterprompt.search.folder import PLAN_FILE, load_plan
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.space import space_for
from counterprompt.search.study import run_study
from counterprompt.tags.diff import diff_prompt
from counterprompt.tags.observed import ObservedTags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from PIL import Image

    from counterprompt.advice.case import Wishes
    from counterprompt.ports import ImageGenerator, InventorySource, ProgressListener, Scorer, Tagger
    from counterprompt.report.answers import Reading
    from counterprompt.report.content import Control, ReportContent
    from counterprompt.tags.classes import PromptDiff
    from counterprompt.tags.probed import ProbedTerm

MOST_STEPS = 1000
"""Sampling steps; no sampler gains from so many."""

LARGEST_EDGE = 2048
"""Pixels; a picture that says it is larger is not generated at that size."""


_CONTROLS = "controls"


@dataclass(frozen=True)
class PictureStory:
    """Everything known about a picture before anything is generated."""

    reading: Reading
    """What is embedded in it."""
    observed: ObservedTags
    """What the tagger sees."""
    diff: PromptDiff
    """The two compared."""
    advice: Advice
    """Which to trust."""
    remarks: tuple[str, ...] = ()
    """What to know of the tagger before trusting it, one sentence each."""


@dataclass(frozen=True)
class TuneChoices:
    """What the user chose for a study; None leaves it to the picture or to the rules."""

    budget: int = 480
    """Most pictures for search and proof, at least 40."""
    search_seeds: int | None = None
    """Seeds that all candidates share in the search."""
    held_out: int | None = None
    """Fresh seeds that the gain is proven on."""
    steps: int | None = None
    """Sampling steps."""
    sampler_name: str | None = None
    """The WebUI's label."""
    size: tuple[int, int] | None = None
    """Width and height in pixels, multiples of 8."""
    search_seed: int = 0
    """The same seed searches the same way."""
    controls: bool = True
    """Whether to measure an empty and a popular negative too, on the proof seeds, beyond the budget."""


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


def tell_story(
    reading: Reading,
    image: Image.Image,
    tagger: Tagger | None,
    goal: str,
    lora_names: frozenset[str] | None = None,
    probes: Sequence[ProbedTerm] = (),
    *,
    inventory: Inventory | None = None,
    wishes: Wishes | None = None,
) -> PictureStory:
    """Tag *image*, compare with what was asked for, and advise.

    *goal* is "reproduce", "adapt", "restyle" or "learn"; *lora_names* are the LoRAs at hand, None where nobody knows,
    and an *inventory* tells more; without a *tagger* nothing is observable but what the *probes* say;
    *wishes* are what the user does not want.
    """
    params = reading.params or GenerationParams("")
    observed = tagger.tag([image])[0] if tagger else ObservedTags((), frozenset())
    diff = diff_prompt(params.prompt, params.negative_prompt, observed, probes)
    if inventory is None:
        resources = find_resources(params, loras=None if lora_names is None else dict.fromkeys(lora_names))
    else:
        resources = look_up(params, inventory, tuple(entry.tag for entry in diff.entries if not entry.is_negated))
    advice = advise(params, diff, goal_named(goal), resources, wishes)
    return PictureStory(reading, observed, diff, advice)


def look_up_resources(params: GenerationParams | None, source: InventorySource | None) -> Resources:
    """Look up the files that *params* names among those that *source* lists; without one nothing is known of them.

    Raises:
        InvalidInputError: the prompt is longer than 100,000 characters, or *source* finds no model folders.
        GeneratorError: a host that is asked does not answer.
        StoppedError: the user stopped the hashing of files.
    """
    params = params or GenerationParams("")
    return look_up(
        params,
        source.take_stock(params) if source else Inventory(),
        tuple(term.text for term in split_terms(params.prompt)),
    )


def baseline_request(story: PictureStory, choices: TuneChoices) -> GenerationRequest:
    """Return the user's own settings: the embedded ones, or the advised prompt where nothing is embedded.

    Raises:
        InvalidInputError: there is no prompt at all, or a value cannot be generated.
    """
    params = story.reading.params or GenerationParams(story.advice.prompt)
    if not params.prompt.strip():
        raise InvalidInputError("The picture holds no prompt and nothing is seen in it; choose another picture.")
    sampler_name, scheduler = params.sampler_and_scheduler
    width, height = choices.size or _size_of(story.reading)
    return _checked(
        GenerationRequest(
            prompt=params.prompt,
            negative_prompt=params.negative_prompt,
            seed=(1 if params.seed is None else params.seed) % 2**32,
            steps=choices.steps or params.steps or 20,
            sampler_name=choices.sampler_name or sampler_name or "Euler",
            scheduler=scheduler,
            cfg_scale=7.0 if params.cfg_scale is None else params.cfg_scale,
            width=width,
            height=height,
            clip_skip=params.clip_skip or 1,
        )
    )


def compare(story: PictureStory, comparer: Comparer, choices: TuneChoices, *, goal: str, seeds: int) -> Comparison:
    """Settle by experiment which prompt to use: embedded, reverse and merged, on the same fresh *seeds* (4 to 256).

    LoRAs that the generator does not have are left out of every prompt, as a WebUI leaves them out.

    Raises:
        InvalidInputError: there are no two different prompts to compare, or a value cannot be generated.
        StoppedError: the user stopped it before two seeds were compared.
        GeneratorError: the generator failed.
    """
    goal_named(goal)
    request = baseline_request(story, choices)
    installed = comparer.generator.lora_names()
    variants = []
    for choice, (prompt, negative_prompt) in story.advice.wordings.items():
        worded = prompt if installed is None else without_missing_loras(prompt, installed)
        if worded.strip():
            variants.append(PromptVariant(choice.value, worded, negative_prompt))
    return compare_prompts(variants, request, comparer, goal=goal, seeds=seeds)


def plan_tuning(story: PictureStory, choices: TuneChoices, notes: Mapping[str, str]) -> StudyPlan:
    """Plan the study of a picture: layers by subject and medium, dynamic terms by the diff's evidence.

    *notes* are kept with the plan, for resuming.

    Raises:
        InvalidInputError: the picture cannot be tuned, or the budget is too small for the seeds asked for.
    """
    baseline = baseline_request(story, choices)
    layers = layers_for(subject_of(baseline.prompt), medium_of(baseline.prompt))
    return plan_study(
        baseline,
        space_for(baseline, layers, dynamic_layer(story.diff).terms),
        choices.budget,
        proof_seeds=choices.held_out,
        search_seeds=choices.search_seeds,
        search_seed=choices.search_seed,
        notes={**notes, _CONTROLS: "yes" if choices.controls else "no"},
    )


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
    return _finish(plan, adapters, folder)


def resume(folder: Path, adapters: StudyAdapters) -> ReportContent:
    """Go on with the study in *folder* and write its report; raises what `tune` raises."""
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


def _finish(plan: StudyPlan, adapters: StudyAdapters, folder: Path) -> ReportContent:
    started = time.monotonic()
    outcome = run_study(plan, adapters.generator, adapters.scorer, adapters.progress, folder)
    controls: tuple[Control, ...] = ()
    extra = 0
    if dict(plan.notes).get(_CONTROLS) == "yes":
        seeds = [pair.seed for pair in outcome.held_out.pairs]
        controls, extra = measure_controls(plan, seeds, adapters.generator, adapters.scorer, adapters.progress, folder)
    judged = judge_pairs(outcome.held_out, folder, adapters.judge) if adapters.judge else ()
    findings = Findings(
        picture=load_dropped(folder),
        controls=controls,
        control_pictures=extra,
        judged=judged,
        judged_pictures=len(outcome.held_out.pairs) if judged else 0,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        elapsed=f"{time.monotonic() - started:.0f} s",
    )
    content = _with_self_test(assemble_report(outcome, plan, findings, str(folder)), adapters.self_test)
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


def goal_named(name: str) -> Goal:
    """Return the goal called *name*.

    Raises:
        InvalidInputError: there is none of that name.
    """
    for goal in Goal:
        if goal.value == name:
            return goal
    known = ", ".join(goal.value for goal in Goal)
    raise InvalidInputError(f"There is no goal {name!r}; use one of {known}.")


def _size_of(reading: Reading) -> tuple[int, int]:
    params = reading.params
    width = (params.width if params else None) or reading.width
    height = (params.height if params else None) or reading.height
    return max(8, width // 8 * 8), max(8, height // 8 * 8)


def _checked(request: GenerationRequest) -> GenerationRequest:
    if not 1 <= request.steps <= MOST_STEPS:
        raise InvalidInputError(
            f"{request.steps} sampling steps cannot be generated; give --steps from 1 to {MOST_STEPS}."
        )
    if max(request.width, request.height) > LARGEST_EDGE:
        raise InvalidInputError(
            f"The size {request.width}x{request.height} is larger than {LARGEST_EDGE} pixels; give --size WIDTHxHEIGHT."
        )
    if not 0 <= request.cfg_scale <= 100:
        raise InvalidInputError(f"The picture's CFG scale {request.cfg_scale:g} is out of range; use another picture.")
    return request
