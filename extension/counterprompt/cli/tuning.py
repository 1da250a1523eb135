"""The command that searches for one picture, or hands a job file on."""

from dataclasses import replace
from typing import Annotated

import typer

from counterprompt.bootstrap import crews, generators, pictures, stories, studies, webuis
from counterprompt.bootstrap.scorer_extras import ScorerExtras, remarks_on
from counterprompt.cli.named_numbers import parse_named
from counterprompt.cli.options import (
    AntiPrompt,
    Auth,
    Budget,
    CfgRange,
    Checkpoint,
    Json,
    LookAgain,
    LoraFolder,
    LoraRanges,
    Minutes,
    NewStudy,
    NoOpen,
    PictureOrJobs,
    Preset,
    Sampler,
    Schedules,
    Size,
    Steps,
    StopEarly,
    Storage,
    TaggerFolder,
    TasteWeight,
    Terminal,
    Url,
)
from counterprompt.cli.outcomes import show_outcome
from counterprompt.cli.persons import asking_for
from counterprompt.cli.progress import TerminalProgress
from counterprompt.cli.ranges import parse_cfg_range, parse_lora_ranges, refuse_other_loras
from counterprompt.cli.running import JOB_FILE_ENDINGS, refuse_other_options, run_job_file
from counterprompt.cli.scoring_options import Auditor, Guards, Preference, ScorerFolder, TagArtifacts, Weights
from counterprompt.cli.sizes import parse_size
from counterprompt.cli.study_folders import call_for_workers, new_study_folder, resumable
from counterprompt.jobs.budgets import pictures_for
from counterprompt.jobs.limits import GUARD_LIMITS, GUARDS, WEIGHT_LIMITS, WEIGHTS
from counterprompt.places import expanded
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.search.taste.asking_notes import asking_notes
from counterprompt.settings import load_settings
from counterprompt.workflow.baseline import TuneChoices
from counterprompt.workflow.tuning import plan_tuning, refuse_used_folder, tune


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
    cfg_range: CfgRange = None,
    lora_range: LoraRanges = None,
    search_seed: Annotated[
        int,
        typer.Option("--search-seed", min=0, max=2**32 - 1, help="The same number searches the same way again."),
    ] = 0,
    controls: Annotated[
        bool,
        typer.Option(
            "--controls/--no-controls",
            help="Also measure an empty and a popular negative on the proof seeds, beyond the budget.",
        ),
    ] = True,
    stop_early: StopEarly = True,
    study: NewStudy = None,
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
    lora_range_of_all, lora_ranges = parse_lora_ranges(lora_range)
    choices = TuneChoices(
        pictures_for(budget, preset, minutes),
        search_seeds,
        held_out,
        steps,
        sampler_name,
        parse_size(size),
        search_seed,
        controls,
        parse_cfg_range(cfg_range),
        lora_range_of_all,
        lora_ranges,
        minutes=minutes,
        stops_early=stop_early,
        score_weights=ScoreWeights(**parse_named("--weight", weight, WEIGHTS, WEIGHT_LIMITS)),
        looks_again=look_again,
        tries_schedules=schedules,
        has_anti_prompt=anti_prompt,
        guard_limits=GuardLimits(**parse_named("--guard", guard, GUARDS, GUARD_LIMITS)),
    )
    settings = load_settings()
    folder = expanded(study or new_study_folder(settings, picture)).absolute()
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
        notes = {
            **studies.study_notes(choice, drawer, settings, scorer, extras),
            **asking_notes(choose, taste_weight),
        }
        plan = plan_tuning(story, generators.fit_choices(choices, choice), notes)
        refuse_other_loras(choices, plan.baseline.prompt)
        progress.say(f"The study is kept in {folder}")
        with (
            crews.shared_study(adapters, choice, plan, folder, storage) as shared,
            asking_for(notes, folder, progress, terminal=terminal, no_open=no_open) as asking,
        ):
            progress.say(*call_for_workers(folder, storage))
            content = resumable(lambda: tune(image, story, plan, replace(shared, asking=asking), folder), folder)
        progress.say(*remarks_on(adapters.scorer))
    show_outcome(content, folder, as_json, no_open)
