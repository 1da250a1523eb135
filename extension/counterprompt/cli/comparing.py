"""The command that settles by experiment which prompt to use."""

from pathlib import Path
from typing import Annotated

import typer

from counterprompt.bootstrap import comparisons, generators, webuis
from counterprompt.cli.answers import answer_json, answer_rows, answer_text
from counterprompt.cli.opening import open_page
from counterprompt.cli.options import (
    Auth,
    Checkpoint,
    GoalName,
    Json,
    LoraFolder,
    NoOpen,
    Picture,
    Sampler,
    Size,
    Steps,
    TaggerFolder,
    Url,
)
from counterprompt.cli.progress import TerminalProgress
from counterprompt.cli.scoring_options import ScorerFolder
from counterprompt.cli.sizes import parse_size
from counterprompt.cli.study_folders import new_study_folder
from counterprompt.errors import InvalidInputError
from counterprompt.places import expanded
from counterprompt.report.answers import choice_of
from counterprompt.report.comparison import comparison_answer, verdict_of, write_comparison
from counterprompt.search.comparison_result import COMPONENTS, Comparison
from counterprompt.settings import load_settings
from counterprompt.whole_files import naming_the_remedy
from counterprompt.workflow.baseline import TuneChoices
from counterprompt.workflow.comparing import compare


def compare_command(
    picture: Picture,
    goal: GoalName = "reproduce",
    seeds: Annotated[
        int,
        typer.Option(
            "--seeds",
            min=4,
            max=256,
            help="Most fresh seeds that every prompt draws on; fewer are drawn where it is decided earlier.",
        ),
    ] = 32,
    generator: Annotated[
        str, typer.Option("--generator", help="What draws: miniature, diffusers (local checkpoint) or webui (its API).")
    ] = "miniature",
    url: Url = None,
    auth: Auth = None,
    checkpoint: Checkpoint = "",
    lora_folder: LoraFolder = "",
    steps: Steps = None,
    sampler_name: Sampler = None,
    size: Size = None,
    page: Annotated[
        Path | None,
        typer.Option("--page", help="HTML file to write; default: one in the data folder.", show_default=False),
    ] = None,
    tagger: TaggerFolder = None,
    scorer: ScorerFolder = None,
    no_open: NoOpen = False,
    as_json: Json = False,
) -> None:
    """Generate with the embedded, the reverse and the merged prompt on the same seeds and say which is best.

    Ctrl-C ends it early; what was drawn by then on two seeds or more is told.
    """
    choice = generators.GeneratorChoice(generator, webuis.joined_urls(url), checkpoint, lora_folder)
    wanted = TuneChoices(steps=steps, sampler_name=sampler_name, size=parse_size(size))
    choices = generators.fit_choices(wanted, choice)
    settings = load_settings()
    path = expanded(page or new_study_folder(settings, picture).with_suffix(".html"))
    _refuse_unwritable(path)
    with TerminalProgress() as progress:
        drawer = generators.load_generator(choice, auth)
        prepared = comparisons.prepare_comparison(
            picture, goal, choice, drawer, settings, progress, tagger_folder=tagger, scorer_folder=scorer
        )
        progress.say(*prepared.remarks)
        found = compare(prepared.story, prepared.comparer, choices, goal=goal, seeds=seeds)
    advised = choice_of(prepared.story.advice)
    write_comparison(found, prepared.reference, advised, path, prepared.remarks)
    if as_json:
        answer_json({**comparison_answer(found, advised), "page": str(path)})
        return
    if not no_open:
        open_page(path)
    _show(found, advised, path)


def _refuse_unwritable(page: Path) -> None:
    # Before anything is drawn: on a real model the pictures take an hour.
    if page.is_dir():
        raise InvalidInputError(f"{page} is a folder; name the HTML file to write with --page.")
    with naming_the_remedy(page, "name another with --page"):
        page.parent.mkdir(parents=True, exist_ok=True)
        aside = page.with_name(f".{page.name}.part")
        aside.touch()
        aside.unlink()


def _show(found: Comparison, advised: str, path: Path) -> None:
    answer_text(verdict_of(found, advised), "")
    for result in found.results:
        rows = [(name, f"{result.mean(name):.3f}") for name in COMPONENTS]
        if result.lead is not None:
            lead = result.lead
            rows.append(("behind the best", f"{lead.mean:.2f} σ ({lead.low:.2f} to {lead.high:.2f})"))
        answer_rows(result.variant.name, [("prompt", result.variant.prompt), *rows])
    answer_text(f"Page: {path}")
