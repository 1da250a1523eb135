"""Going on with a study that was stopped, and with one whose proof could not tell."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from counterprompt.bootstrap import crews, generators, studies, webuis
from counterprompt.bootstrap.scorer_extras import remarks_on
from counterprompt.cli.options import Auth, Json, NoOpen, Storage, StudyFolder, TasteWeight, Terminal
from counterprompt.cli.outcomes import show_outcome
from counterprompt.cli.persons import asking_for
from counterprompt.cli.progress import TerminalProgress
from counterprompt.cli.study_folders import call_for_workers, resumable
from counterprompt.places import expanded
from counterprompt.report.content import ReportContent
from counterprompt.search.folder import load_plan
from counterprompt.search.power import FEWEST_SEEDS, MOST_SEEDS
from counterprompt.search.second_proof import order_second_proof
from counterprompt.search.taste.asking_notes import asking_notes
from counterprompt.search.taste.interview import Asking
from counterprompt.settings import load_settings
from counterprompt.workflow.tuning import resume

NewUrl = Annotated[
    list[str] | None,
    typer.Option(
        "--url", "--webui", help="New address of the WebUI, or of several, where it has moved.", show_default=False
    ),
]


def resume_command(
    study: StudyFolder,
    auth: Auth = None,
    url: NewUrl = None,
    taste_weight: TasteWeight = None,
    terminal: Terminal = False,
    storage: Storage = None,
    no_open: NoOpen = False,
    as_json: Json = False,
) -> None:
    """Go on with a study that was stopped; no scored picture is generated again."""
    folder = expanded(study).absolute()
    answering = partial(asking_for, terminal=terminal, no_open=no_open)
    show_outcome(_go_on(folder, auth, url, storage, answering, taste_weight), folder, as_json, no_open)


def prove_command(
    study: StudyFolder,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds",
            min=FEWEST_SEEDS,
            max=MOST_SEEDS,
            help="Fresh seeds, two pictures each; default: as many as would show the gain four times in five.",
            show_default=False,
        ),
    ] = None,
    auth: Auth = None,
    url: NewUrl = None,
    terminal: Terminal = False,
    storage: Storage = None,
    no_open: NoOpen = False,
    as_json: Json = False,
) -> None:
    """Prove the best candidate of a study without a gain once more, on other fresh seeds.

    A study has two proofs at most: with more of them luck would pass too often.
    """
    folder = expanded(study).absolute()
    answering = partial(asking_for, terminal=terminal, no_open=no_open)
    content = _go_on(folder, auth, url, storage, answering, prepare=lambda: order_second_proof(folder, seeds))
    show_outcome(content, folder, as_json, no_open)
    if content.first_proof is None:
        with TerminalProgress() as progress:
            progress.say("Answers given since led to another candidate; this is its first proof.")


def _go_on(
    folder: Path,
    auth: str | None,
    url: list[str] | None,
    storage: str | None,
    answering: Callable[..., AbstractContextManager[Asking]],
    taste_weight: float | None = None,
    prepare: Callable[[], object] = lambda: None,
) -> ReportContent:
    plan = load_plan(folder)
    notes = dict(plan.notes)
    asked = {**notes, **asking_notes(0, taste_weight)}
    choice = generators.GeneratorChoice.from_notes({**notes, "url": webuis.joined_urls(url)} if url else notes)
    with TerminalProgress() as progress:
        drawer = generators.load_generator(choice, auth)
        adapters = studies.load_adapters_again(folder, choice, drawer, load_settings(), progress)
        progress.say(*adapters.remarks)
        prepare()
        with (
            crews.shared_study(adapters, choice, plan, folder, storage) as shared,
            answering(asked, folder, progress) as asking,
        ):
            progress.say(*call_for_workers(folder, storage))
            content = resumable(lambda: resume(folder, replace(shared, asking=asking)), folder)
        progress.say(*remarks_on(adapters.scorer))
    return content
