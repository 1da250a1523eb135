"""Commands that look at a picture: read, diff, advise."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from counterprompt.advice.choice import Wishes
from counterprompt.bootstrap import pictures, stories
from counterprompt.bootstrap.inventory import load_inventory
from counterprompt.cli.answers import answer_json, answer_rows, answer_text, warn
from counterprompt.cli.options import Auth, GoalName, InventoryPlace, Json, Picture, TaggerFolder
from counterprompt.cli.progress import TerminalProgress
from counterprompt.errors import InvalidInputError
from counterprompt.report.answers import advice_answer, choice_of, diff_answer, reading_answer
from counterprompt.report.diff_page import render_diff_page, write_diff_page
from counterprompt.report.resource_answers import resource_rows
from counterprompt.settings import load_settings
from counterprompt.tags.table import render_diff_table

_STANDARD_INPUT = Path("-")
_UNKNOWN = "unknown"
"""What a reading calls a program that left no mark."""
_MOST_PASTED = 2_000_000
"""Characters taken from standard input; fewer than these are read, and more are refused."""


def read_command(
    picture: Annotated[
        Path,
        typer.Argument(
            help="Picture file: PNG, JPEG, WebP, AVIF or GIF; - reads an infotext from standard input.",
            metavar="PICTURE",
            show_default=False,
        ),
    ],
    as_json: Json = False,
) -> None:
    """Show the generation parameters embedded in a picture, or in a text on standard input."""
    is_pasted = picture == _STANDARD_INPUT
    reading = pictures.read_pasted_text(_pasted_text()) if is_pasted else pictures.read_picture(picture)
    if as_json:
        answer_json(reading_answer(reading))
        return
    warn(*reading.notes)
    name = "The text" if is_pasted else f"{picture.name} ({reading.width}x{reading.height})"
    if reading.params is None:
        more = "" if is_pasted else "; `counterprompt tag` shows what a tagger sees in it"
        answer_text(f"{name} holds no generation parameters{more}.")
        return
    place = f", in {reading.place}" if reading.place else ""
    program = "an unknown program" if reading.program == _UNKNOWN else reading.program
    answer_text(f"{name}, written by {program}{place}", "")
    answer_text(
        "Prompt", f"  {reading.params.prompt}", "", "Negative prompt", f"  {reading.params.negative_prompt}", ""
    )
    if reading.params.fields:
        answer_rows("Parameters", reading.params.fields)


def _pasted_text() -> str:
    """Read standard input, without the byte order mark that some editors put first."""
    try:
        return sys.stdin.read(_MOST_PASTED).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            f"Standard input is no {error.encoding.upper()} text (byte {error.start} does not fit); "
            "paste the infotext itself, or save it in that encoding."
        ) from error


def diff_command(
    picture: Picture,
    tagger: TaggerFolder = None,
    scorer: Annotated[
        Path | None,
        typer.Option(
            "--scorer",
            help="Folder of a scorer whose CLIP probes judge what the tagger cannot see; default: none.",
            show_default=False,
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write the diff as a page to this file.", metavar="FILE", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare what the prompt asks for with what a tagger sees, tag by tag."""
    story = stories.tell_story(picture, load_settings(), tagger, probe_folder=scorer)
    warn(*story.remarks)
    if story.reading.params is None:
        warn(f"{picture.name} holds no prompt, so whatever is seen in it counts as unexpected.")
    if html is not None:
        params = story.reading.params
        prompts = (params.prompt, params.negative_prompt) if params else ("", "")
        write_diff_page(render_diff_page(story.diff, title=picture.name, prompts=prompts), html)
        warn(f"Wrote {html}.")
    if as_json:
        answer_json({"tags": diff_answer(story.diff), "agreement": story.diff.agreement})
    else:
        answer_text(render_diff_table(story.diff) or "Nothing was asked for and nothing is seen.")


def advise_command(
    picture: Picture,
    goal: GoalName = "reproduce",
    block: Annotated[
        list[str] | None,
        typer.Option(
            "--block",
            help="Word or phrase that no prompt may hold: the whole term that it stands in goes; may be repeated.",
        ),
    ] = None,
    unwanted: Annotated[
        list[str] | None,
        typer.Option("--without-style", help="Style that you do not want, such as anime; may be given more than once."),
    ] = None,
    inventory: InventoryPlace = None,
    auth: Auth = None,
    tagger: TaggerFolder = None,
    as_json: Json = False,
) -> None:
    """Say whether to trust the embedded prompt, the tags or a merge of both, and why."""
    settings = load_settings()
    wishes = Wishes(tuple(block or ()), tuple(unwanted or ()))
    with TerminalProgress() as progress:
        source = load_inventory(inventory, settings, auth, progress) if inventory else None
        story = stories.tell_story(picture, settings, tagger, goal, source=source, wishes=wishes)
    warn(*story.remarks)
    advice = story.advice
    if as_json:
        answer_json(advice_answer(advice))
        return
    answer_text(f"Use: {choice_of(advice)} (confidence {advice.confidence:.0%})", "")
    answer_rows("Because", [(f"{one.rule_id} {one.weight:+g}", one.text) for one in advice.reasons])
    answer_text("How sure", *(f"  {sentence}" for sentence in advice.rests_on), "")
    if advice.resources and advice.resources.findings:
        answer_rows("Resources", resource_rows(advice.resources))
    answer_text("Prompt", f"  {advice.prompt}", "", "Negative prompt", f"  {advice.negative_prompt}")
