"""The whole story on the miniature, from a drawn picture to a report."""

from pathlib import Path
from typing import Annotated

import typer

from counterprompt.bootstrap import generators, miniature, pictures, stories, studies
from counterprompt.bootstrap.scorer_extras import ScorerExtras
from counterprompt.cli.options import Json, NewStudy, NoOpen
from counterprompt.cli.outcomes import show_outcome
from counterprompt.cli.progress import TerminalProgress
from counterprompt.cli.study_folders import new_study_folder, resumable
from counterprompt.places import expanded
from counterprompt.report.answers import choice_of
from counterprompt.settings import load_settings
from counterprompt.tags.observed import TagCategory
from counterprompt.workflow.baseline import TuneChoices
from counterprompt.workflow.story import PictureStory
from counterprompt.workflow.tuning import plan_tuning, refuse_used_folder, tune


def demo_command(
    budget: Annotated[int, typer.Option("--budget", help="Most pictures to generate for search and proof.")] = 480,
    held_out: Annotated[int, typer.Option("--held-out", min=2, max=512, help="Fresh seeds that prove the gain.")] = 64,
    study: NewStudy = None,
    no_open: NoOpen = False,
    as_json: Json = False,
) -> None:
    """Show the whole story on the miniature: draw, read, tag, diff, advise, tune, prove, report."""
    settings = load_settings()
    folder = expanded(study or new_study_folder(settings, Path("demo"))).absolute()
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
        notes = studies.study_notes(choice, drawer, settings, extras=extras)
        plan = plan_tuning(story, generators.fit_choices(chosen, choice), notes)
        content = resumable(lambda: tune(image, story, plan, adapters, folder), folder)
    show_outcome(content, folder, as_json, no_open)


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
