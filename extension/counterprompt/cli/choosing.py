"""The command that asks which pictures of a study are best."""

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from counterprompt.bootstrap import generators
from counterprompt.cli.answers import answer_json, answer_text, warn
from counterprompt.cli.options import Auth, Json, NoOpen, StudyFolder, Terminal
from counterprompt.cli.persons import person_at
from counterprompt.cli.progress import TerminalProgress
from counterprompt.errors import InvalidInputError
from counterprompt.places import expanded
from counterprompt.report.own_choices import OwnChoices, own_choices
from counterprompt.search.folder import load_plan
from counterprompt.search.taste.questions import Purpose, Question
from counterprompt.workflow.choosing import ChoiceDesk, draw_missing, interview_person, open_desk

_LARGEST_FILE = 10_000_000


def choose_command(
    study: StudyFolder,
    count: Annotated[int, typer.Option("--count", min=1, max=1000, help="Most questions to ask now.")] = 20,
    proof: Annotated[
        bool,
        typer.Option("--proof", help="Ask only winner against your settings, blind, on the fresh seeds of the proof."),
    ] = False,
    terminal: Terminal = False,
    draw: Annotated[
        int,
        typer.Option(
            "--draw",
            min=0,
            max=10_000,
            help="First draw again up to so many pictures of the search that were not kept, as the study drew them.",
        ),
    ] = 0,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers",
            help='JSON file ("-": standard input) with answers to take down, such as {"KEY": "2"}; none, skip too.',
            show_default=False,
        ),
    ] = None,
    auth: Auth = None,
    no_open: NoOpen = False,
    as_json: Json = False,
) -> None:
    """Show pictures of one seed, four at a time and without their names, and take down which is best.

    The answers belong to the study: one that runs hears them, a finished one with the next `resume`. With --json the
    next question is told, with its key and its pictures' files, and nothing is asked.
    """
    folder = expanded(study).absolute()
    if draw:
        _draw(folder, draw, auth)
    purpose = Purpose.PROOF if proof else Purpose.SEARCH
    with open_desk(folder) as desk, TerminalProgress() as progress:
        taken = desk.take_answers(_read_answers(answers)) if answers is not None else 0
        if as_json:
            question = desk.next_question(purpose)
            told = _question_answer(question, folder) if question else None
            answer_json({"taken": taken, "question": told, "choices": _choices_answer(desk)})
            return
        if answers is None:
            with person_at(folder, progress, terminal=terminal, no_open=no_open) as person:
                taken = interview_person(desk, person, purpose, count)
        _tell(desk, taken, folder)


def _draw(folder: Path, most: int, auth: str | None) -> None:
    choice = generators.GeneratorChoice.from_notes(dict(load_plan(folder).notes))
    drawn = draw_missing(folder, generators.load_generator(choice, auth), most)
    warn(f"{drawn} pictures were drawn again.")


def _read_answers(path: Path) -> dict[str, str]:
    try:
        text = sys.stdin.read(_LARGEST_FILE) if str(path) == "-" else path.read_text(encoding="utf-8")[:_LARGEST_FILE]
        values = json.loads(text)
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read ({error.strerror}); name another file.") from error
    except ValueError as error:
        raise InvalidInputError(f'{path} is no JSON; write answers as {{"KEY": "2"}}.') from error
    if not isinstance(values, dict) or not all(isinstance(each, str | int) for each in values.values()):
        raise InvalidInputError(f'{path} holds no answers; write them as {{"KEY": "2"}}.')
    return {key: str(each) for key, each in values.items()}


def _question_answer(question: Question, folder: Path) -> dict[str, Any]:
    """Tell a question without telling which picture is which."""
    return {
        "key": question.key,
        "purpose": question.purpose.value,
        "seed": question.seed,
        "pictures": [str(folder / option.picture) for option in question.options],
    }


def _choices_answer(desk: ChoiceDesk) -> dict[str, Any] | None:
    found = own_choices(desk.summary())
    return None if found is None else {**vars(found), "sentences": list(found.sentences)}


def _tell(desk: ChoiceDesk, taken: int, folder: Path) -> None:
    found: OwnChoices | None = own_choices(desk.summary())
    answer_text(f"{taken} answers were taken down.", *(found.sentences if found else ()))
    if taken:
        answer_text(f"`counterprompt resume {shlex.quote(str(folder))}` lets them count.")
