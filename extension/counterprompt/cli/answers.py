"""Answers on standard output: JSON for machines, plain text for people; warnings on standard error."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import typer

from counterprompt.report.plain_text import without_controls


def answer_json(answer: Mapping[str, Any]) -> None:
    """Write one JSON object on one line, in ASCII, so that it survives every terminal and pipe."""
    typer.echo(json.dumps(answer, allow_nan=False))


def answer_text(*lines: str) -> None:
    """Write *lines*, whose control characters become visible: pictures hold text from strangers."""
    for line in lines:
        typer.echo(without_controls(line))


def answer_rows(title: str, rows: Sequence[tuple[str, str]]) -> None:
    """Write a title and its rows as two aligned columns."""
    width = max((len(label) for label, _ in rows), default=0)
    answer_text(title, *(f"  {label:<{width}}  {text}" for label, text in rows), "")


def warn(*sentences: str) -> None:
    """Write *sentences* on standard error, where no program looks for the answer."""
    for sentence in sentences:
        typer.echo(without_controls(sentence), err=True)
