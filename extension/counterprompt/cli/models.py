"""Commands that look after taggers: models list, fetch and where."""

from pathlib import Path
from typing import Annotated, Any

import typer

from counterprompt.bootstrap.taggers import tagger_store
from counterprompt.cli.answers import answer_json, answer_rows, answer_text
from counterprompt.cli.options import Json
from counterprompt.cli.progress import TerminalProgress
from counterprompt.settings import load_settings

Name = Annotated[
    str,
    typer.Argument(
        help="A name of `models list`, or OWNER/NAME[@REVISION] on the hub.", metavar="NAME", show_default=False
    ),
]


def list_command(as_json: Json = False) -> None:
    """List the taggers that can be had by name, and say which of them are here."""
    taggers = tagger_store(load_settings()).listing()
    if as_json:
        answer_json({"taggers": taggers})
        return
    answer_rows("Taggers", [(tagger["name"], _tagger_text(tagger)) for tagger in taggers])
    answer_text("Fetch one with `counterprompt models fetch NAME`, use it with `--tagger NAME`.")


def fetch_command(name: Name, as_json: Json = False) -> None:
    """Download a tagger from the hub, or go on with a download that broke off; HF_ENDPOINT may name a mirror."""
    with TerminalProgress() as progress:
        path = tagger_store(load_settings()).fetch(name, progress).path
    if as_json:
        answer_json({"name": name, "path": str(path)})
    else:
        answer_text(f"{name} is in {path}")


def where_command(as_json: Json = False) -> None:
    """Show every folder in which taggers are looked for, and what was found there."""
    contents = tagger_store(load_settings()).contents()
    if as_json:
        places = [{"owner": place.owner, "path": str(place.path), "taggers": names} for place, names in contents]
        answer_json({"places": places})
        return
    rows = [(place.owner, f"{place.path}: {_place_text(place.path, names)}") for place, names in contents]
    answer_rows("Places, in the order of the search", rows)


def _tagger_text(tagger: dict[str, Any]) -> str:
    size = f"{tagger['size'] / 1e6:.0f} MB" if tagger["size"] else "size unknown"
    return f"{size}, here: {tagger['path']} ({tagger['owner']})" if tagger["path"] else f"{size}, not here"


def _place_text(path: Path, names: list[str]) -> str:
    if not path.is_dir():
        return "not there"
    return ", ".join(names) or "no known tagger"
