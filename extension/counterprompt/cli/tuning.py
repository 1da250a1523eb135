"""Commands that generate: demo, tune, resume; and report, which shows again what they found."""

import shlex
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated

import typer

from counterprompt.bootstrap import crews, generators, miniature, pictures, stories, studies, webuis
from counterprompt.bootstrap.scorer_extras import ScorerExtras, remarks_on
from counterprompt.cli.answers import answer_json, answer_rows, answer_text
from counterprompt.cli.named_numbers import parse_named
from counterprompt.cli.opening import open_page
from counterprompt.cli.options import (
    AntiPrompt,
    Auditor,
    Auth,
    Budget,
    Checkpoint,
    Guards,
    Json,
    LookAgain,
    LoraFolder,
    Minutes,
    NoOpen,
    PictureOrJobs,
    Preference,
    Preset,
    Sampler,
    Schedules,
    ScorerFolder,
    Size,
    Steps,
    StopEarly,
    Storage,
    StudyFolder,
    TagArtifacts,
    TaggerFolder,
    TasteWeight,
    Terminal,
    Url,
    Weights,
)
from counterprompt.cli.persons import asking_for
from counterprompt.cli.progress import TerminalProgress
from counterprompt.cli.running import JOB_FILE_ENDINGS, refuse_other_options, run_job_file
from counterprompt.cli.sizes import parse_size
from counterprompt.errors import StoppedError
from counterprompt.jobs.budgets import pictures_for
from counterprompt.ports import ImageGenerator
from counterprompt.report.answers import choice_of, outcome_answer
from counterprompt.report.content import ReportContent, verdict_sentence
from counterprompt.report.files import DROPPED_FILE, PAGE_FILE, load_report, write_report
from counterprompt.search.folder import load_plan
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.objective import ScoreWeights
from counterprompt.search.taste.asking_notes import asking_notes
from counterprompt.settings import Settings, load_settings
from counterprompt.tags.observed import TagCategory
from counterprompt.workflow.baseline import TuneChoices
from counterprompt.workflow.story import PictureStory
from counterprompt.workflow.tuning import plan_tuning, refuse_used_folder, resume, tune


def tune_command(
    context: typer.Context,
    picture: PictureOrJobs,
    generator: Annotated[
        str,
        typer.Option(
            "--generator", help="What draws: miniature, diffusers (local checkpoint), webui (its API) or fake (tests)."
        ),
    ] = "miniature",
    url: Url = None,
    auth: Auth = None,
    checkpoint: Checkpoint = "",
    lora_folder: LoraFolder = "",
    budget: Budget = None,
    preset: Preset = None,
    minutes: Minutes = None,
    search_seeds: Annotated[
        int | None,
        typer.Option(
            "--search-seeds",
            min=2,
            max=64,
            help="Seeds that all candidates share; default: by the budget.",
            show_default=False,
        ),
    ] = None,
    held_out: Annotated[
        int | None,
        typer.Option(
            "--held-out",
            min=2,
            max=512,
            help="Fresh seeds that prove the gain; default: by the budget.",
            show_default=False,
        ),
    ] = None,
    steps: Steps = None,
    sampler_name: Sampler = None,
    size: Size = None,
    search_seed: Annotated[
        int, typer.Option("--search-seed", min=0, help="The same number searches the same way again.")
    ] = 0,
    controls: Annotated[
        bool,
        typer.Option(
            "--controls/--no-controls",
            help="Also measure an empty and a popular negative on the proof seeds, beyond the budget.",
        ),
    ] = True,
    stop_early: StopEarly = True,
    study: Annotated[
        Path | None,
        typer.Option("--study", help="New folder for the study; default: one in the data folder.", show_default=False),
    ] = None,
    tagger: TaggerFolder = None,
    scorer: ScorerFolder = None,
    preference: Preference = "",
    tag_artifacts: TagArtifacts = False,
    auditor: Auditor = "",
    weight: Weights = None,
    guard: Guards = None,
    look_again: LookAgain = False,
    anti_prompt: AntiPrompt = False,
    schedules: Schedules = False,
    choose: Annotated[
        int,
        typer.Option(
            "--choose",
            min=0,
            max=1000,
            help="Ask you so many times during the search which of four pictures is best; the answers count.",
        ),
    ] = 0,
    taste_weight: TasteWeight = None,
    terminal: Terminal = False,
    storage: Storage = None,
    no_open: NoOpen = False,
    as_json: Json = False,
) -> None:
    """Search the negative prompt, LoRA weights and CFG scale that really help, and prove it on fresh seeds."""
    if picture.suffix.lower() in JOB_FILE_ENDINGS:
        refuse_other_options(context)
        run_job_file(picture, check=False, auth=auth, no_open=no_open, as_json=as_json, storage=storage)
        return
    choice = generators.GeneratorChoice(generator, webuis.joined_urls(url), checkpoint, lora_folder)
    choices = TuneChoices(
        pictures_for(budget, preset, minutes),
        search_seeds,
        held_out,
        steps,
        sampler_name,
        parse_size(size),
        search_seed,
        controls,
        minutes=minutes,
        stops_early=stop_early,
        score_weights=ScoreWeights(**parse_named("--weight", weight, _field_names(ScoreWeights), 10.0)),
        looks_again=look_again,
        tries_schedules=schedules,
        has_anti_prompt=anti_prompt,
        guard_limits=GuardLimits(**parse_named("--guard", guard, _field_names(GuardLimits), 10.0)),
    )
    settings = load_settings()
    folder = (study or new_study_folder(settings, picture)).expanduser().absolute()
    refuse_used_folder(folder)
    image = pictures.open_picture(picture)
    with TerminalProgress() as progress:
        drawer = generators.load_generator(choice, auth)
        extras = ScorerExtras.of(
            preference, tag_artifacts, tagger or settings.tagger_folder, auditor, look_again or anti_prompt
        )
        adapters = studies.load_adapters(choice, drawer, settings, progress, lambda: image, scorer, extras)
        story = stories.tell_story(picture, settings, tagger, generator=drawer)
        progress.say(*adapters.remarks, *story.remarks)
        notes = {**_notes(choice, settings, drawer, scorer), **extras.notes(), **asking_notes(choose, taste_weight)}
        plan = plan_tuning(story, generators.fit_choices(choices, choice), notes)
        progress.say(f"The study is kept in {folder}")
        with (
            crews.shared_study(adapters, choice, plan, folder, storage) as shared,
            asking_for(notes, folder, progress, terminal=terminal, no_open=no_open) as asking,
        ):
            progress.say(*_call_for_workers(folder, storage))
            content = _resumable(lambda: tune(image, story, plan, replace(shared, asking=asking), folder), folder)
        progress.say(*remarks_on(adapters.scorer))
    _show(content, folder, as_json, no_open)


def demo_command(
    budget: Annotated[int, typer.Option("--budget", help="Most pictures to generate for search and proof.")] = 480,
    held_out: Annotated[int, typer.Option("--held-out", min=2, max=512, help="Fresh seeds that prove the gain.")] = 64,
    study: Annotated[
        Path | None,
        typer.Option("--study", help="New folder for the study; default: one in the data folder.", show_default=False),
    ] = None,
    no_open: NoOpen = False,
    as_json: Json = False,
) -> None:
    """Show the whole story on the miniature: draw, read, tag, diff, advise, tune, prove, report."""
    settings = load_settings()
    folder = (study or new_study_folder(settings, Path("demo"))).expanduser().absolute()
    refuse_used_folder(folder)
    choice = generators.GeneratorChoice("miniature")
    chosen = TuneChoices(budget=budget, held_out=held_out)
    with TerminalProgress() as progress:
        drawer = generators.load_generator(choice)
        picture = miniature.draw_demo_picture(drawer, folder)
        image = pictures.open_picture(picture)
        extras = ScorerExtras(auditor="tagger")
        adapters = studies.load_adapters(choice, drawer, settings, progress, lambda: image, extras=extras)
        story = stories.tell_story(picture, settings, generator=drawer)
        progress.say(*adapters.remarks, *story.remarks, _story_lines(picture, story))
        notes = {**_notes(choice, settings, drawer), **extras.notes()}
        plan = plan_tuning(story, generators.fit_choices(chosen, choice), notes)
        content = _resumable(lambda: tune(image, story, plan, adapters, folder), folder)
    _show(content, folder, as_json, no_open)


def resume_command(
    study: StudyFolder,
    auth: Auth = None,
    url: Annotated[
        list[str] | None,
        typer.Option(
            "--url", "--webui", help="New address of the WebUI, or of several, where it has moved.", show_default=False
        ),
    ] = None,
    taste_weight: TasteWeight = None,
    terminal: Terminal = False,
    storage: Storage = None,
    no_open: NoOpen = False,
    as_json: Json = False,
) -> None:
    """Go on with a study that was stopped; no scored picture is generated again."""
    folder = study.expanduser().absolute()
    plan = load_plan(folder)
    notes = dict(plan.notes)
    asked = {**notes, **asking_notes(0, taste_weight)}
    choice = generators.GeneratorChoice.from_notes({**notes, "url": webuis.joined_urls(url)} if url else notes)
    settings = replace(load_settings(), scorer_folder=None)  # the study's own scorer counts, not today's setting
    with TerminalProgress() as progress:
        scorer = Path(notes["scorer_folder"]) if notes.get("scorer_folder") else None
        drawer = generators.load_generator(choice, auth)
        adapters = studies.load_adapters(
            choice,
            drawer,
            settings,
            progress,
            lambda: pictures.open_picture(folder / DROPPED_FILE),
            scorer,
            ScorerExtras.from_notes(notes),
        )
        progress.say(*adapters.remarks)
        with (
            crews.shared_study(adapters, choice, plan, folder, storage) as shared,
            asking_for(asked, folder, progress, terminal=terminal, no_open=no_open) as asking,
        ):
            progress.say(*_call_for_workers(folder, storage))
            content = _resumable(lambda: resume(folder, replace(shared, asking=asking)), folder)
        progress.say(*remarks_on(adapters.scorer))
    _show(content, folder, as_json, no_open)


def report_command(study: StudyFolder, no_open: NoOpen = False, as_json: Json = False) -> None:
    """Render the report of a finished study again."""
    folder = study.expanduser().absolute()
    content = load_report(folder)
    write_report(content, folder)
    _show(content, folder, as_json, no_open)


def _field_names(kind: type[ScoreWeights | GuardLimits]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def new_study_folder(settings: Settings, picture: Path) -> Path:
    """Name a folder for a new study of *picture*: its name and the time."""
    name = "".join(char if char.isalnum() or char in "-_" else "-" for char in picture.stem)[:40]
    return settings.studies_folder / f"{name or 'picture'}-{time.strftime('%Y%m%d-%H%M%S')}"


def _call_for_workers(folder: Path, storage: str | None) -> tuple[str, ...]:
    if not storage:
        return ()
    name = shlex.quote(folder.name)
    return (f"Workers draw: start `counterprompt worker {name} --storage URL`, with its generator, once per GPU.",)


def _notes(
    choice: generators.GeneratorChoice, settings: Settings, drawer: ImageGenerator, scorer: Path | None = None
) -> dict[str, str]:
    folder = scorer or settings.scorer_folder
    noted = {"scorer_folder": str(folder.absolute()) if folder else "", "model": generators.model_name(choice, drawer)}
    return {**choice.notes(), **noted}


def _resumable(work: Callable[[], ReportContent], folder: Path) -> ReportContent:
    try:
        return work()
    except (KeyboardInterrupt, StoppedError) as error:
        raise StoppedError(
            f"Stopped; everything scored so far is kept, go on with `counterprompt resume {shlex.quote(str(folder))}`."
        ) from error


def _story_lines(picture: Path, story: PictureStory) -> str:
    seen = ", ".join(tag.name for tag in story.observed.tags if tag.category is not TagCategory.RATING) or "nothing"
    params = story.reading.params
    lines = [f"Read {picture.name}: {params.prompt if params else ''}", f"Seen in it: {seen}"]
    found = {
        name: [entry.tag for entry in story.diff.entries if entry.diff_class.value == name]
        for name in ("leaked", "unexpected", "missing")
    }
    lines += [f"{name.capitalize()}: {', '.join(tags)}" for name, tags in found.items() if tags]
    return "\n".join([*lines, f"Advice: {choice_of(story.advice)}"])


def _show(content: ReportContent, folder: Path, as_json: bool, no_open: bool) -> None:
    page = folder / PAGE_FILE
    if not no_open and not as_json:
        open_page(page)
    if as_json:
        answer_json(outcome_answer(content, str(folder), str(page)))
        return
    winner = content.winner
    fields = [
        ("Negative prompt", winner.negative_prompt or "(empty)"),
        ("Prompt", winner.prompt),
        ("CFG scale", f"{winner.cfg_scale:g}"),
    ]
    answer_text(verdict_sentence(content), "")
    answer_rows("Use" if content.is_gain else "Keep", fields)
    answer_text(*(each.sentence for each in (content.cfg_share, content.audit) if each is not None))
    answer_text(*(content.own_choices.sentences if content.own_choices else ()))
    if content.judged:
        rows = [(rate.defect, f"{rate.baseline:.0%} -> {rate.winner:.0%}") for rate in content.judged]
        answer_rows(f"True defect rates on {content.judged_pictures} pictures each", rows)
    answer_text(f"Report: {page}")
