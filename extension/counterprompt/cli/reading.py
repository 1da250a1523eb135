"""Commands that look at a picture: read, diff, advise."""

from typing import Annotated

import typer

from counterprompt import bootstrap
from counterprompt.cli.answers import answer_json, answer_rows, answer_text, warn
from counterprompt.cli.options import Json, Picture, TaggerFolder
from counterprompt.report.answers import advice_answer, choice_of, diff_answer, reading_answer
from counterprompt.settings import load_settings
from counterprompt.tags.classes import DiffClass, DiffEntry


def read_command(picture: Picture, as_json: Json = False) -> None:
    """Show the generation parameters embedded in a picture."""
    reading = bootstrap.read_picture(picture)
    if as_json:
        answer_json(reading_answer(reading))
    elif reading.params is None:
        answer_text(
            f"{picture.name} ({reading.width}x{reading.height}) holds no generation parameters; "
            "`counterprompt tag` shows what a tagger sees in it."
        )
    else:
        answer_text(
            f"{picture.name}, {reading.width}x{reading.height}, written by {reading.program or 'an unknown program'}",
            "",
        )
        answer_text(
            "Prompt", f"  {reading.params.prompt}", "", "Negative prompt", f"  {reading.params.negative_prompt}", ""
        )
        answer_rows("Parameters", reading.params.fields)


def diff_command(picture: Picture, tagger: TaggerFolder = None, as_json: Json = False) -> None:
    """Compare what the prompt asks for with what a tagger sees, tag by tag."""
    story = bootstrap.tell_story(picture, load_settings(), tagger)
    warn(*story.remarks)
    if as_json:
        answer_json({"tags": diff_answer(story.diff)})
        return
    for diff_class in DiffClass:
        rows = [(entry.tag, _entry_text(entry)) for entry in story.diff.of_class(diff_class)]
        if rows:
            answer_rows(diff_class.value, rows)


def _entry_text(entry: DiffEntry) -> str:
    seen = f"seen {entry.confidence:.0%}" if entry.confidence else ""
    return ", ".join(part for part in (f"weight {entry.weight:g}", seen) if part)


def advise_command(
    picture: Picture,
    goal: Annotated[
        str, typer.Option("--goal", help="What you want: reproduce, adapt, restyle or learn the picture.")
    ] = "reproduce",
    tagger: TaggerFolder = None,
    as_json: Json = False,
) -> None:
    """Say whether to trust the embedded prompt, the tags or a merge of both, and why."""
    story = bootstrap.tell_story(picture, load_settings(), tagger, goal)
    warn(*story.remarks)
    if as_json:
        answer_json(advice_answer(story.advice))
        return
    answer_text(f"Use: {choice_of(story.advice)}", "")
    answer_rows("Because", [(reason.rule_id, reason.text) for reason in story.advice.reasons])
    answer_text("Prompt", f"  {story.advice.prompt}", "", "Negative prompt", f"  {story.advice.negative_prompt}")
