"""Going on with a study that was stopped."""

from dataclasses import replace
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
from counterprompt.search.folder import load_plan
from counterprompt.search.taste.asking_notes import asking_notes
from counterprompt.settings import load_settings
from counterprompt.workflow.tuning import resume


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
    folder = expanded(study).absolute()
    plan = load_plan(folder)
    notes = dict(plan.notes)
    asked = {**notes, **asking_notes(0, taste_weight)}
    choice = generators.GeneratorChoice.from_notes({**notes, "url": webuis.joined_urls(url)} if url else notes)
    with TerminalProgress() as progress:
        drawer = generators.load_generator(choice, auth)
        adapters = studies.load_adapters_again(folder, choice, drawer, load_settings(), progress)
        progress.say(*adapters.remarks)
        with (
            crews.shared_study(adapters, choice, plan, folder, storage) as shared,
            asking_for(asked, folder, progress, terminal=terminal, no_open=no_open) as asking,
        ):
            progress.say(*call_for_workers(folder, storage))
            content = resumable(lambda: resume(folder, replace(shared, asking=asking)), folder)
        progress.say(*remarks_on(adapters.scorer))
    show_outcome(content, folder, as_json, no_open)
