"""Options that say how pictures are scored, each with its help text."""

from pathlib import Path
from typing import Annotated

import typer

ScorerFolder = Annotated[
    Path | None,
    typer.Option(
        "--scorer",
        help="Folder of a scorer (CLIP, aesthetic head, probes); default: the miniature's.",
        show_default=False,
    ),
]
Preference = Annotated[
    str,
    typer.Option(
        "--preference",
        help="A preference model joins the scorer: hpsv2.1 or pickscore; `doctor` says whether they are here.",
        show_default=False,
    ),
]
TagArtifacts = Annotated[
    bool,
    typer.Option(
        "--tag-artifacts/--no-tag-artifacts",
        help="Count the tagger's defect tags on generated pictures as artifacts, beside the scorer's own probes.",
    ),
]
Auditor = Annotated[
    str,
    typer.Option(
        "--auditor",
        help="A scorer kept out of the search that judges the proof: hpsv2.1, pickscore, laion-v1, laion-v2, "
        "laion-v2-ava, tagger, probes:NAME,NAME or the file of an aesthetic head.",
        show_default=False,
    ),
]
Weights = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        help="How much a part of the score counts, NAME=NUMBER: aesthetic, artifacts, fidelity, signals or preference; "
        "give it several times.",
        show_default=False,
    ),
]
Guards = Annotated[
    list[str] | None,
    typer.Option(
        "--guard",
        help="How far a guard may move before it is broken, NAME=NUMBER: clipped, saturation, noise, flatness (shares "
        "from 0 to 1) or fidelity (in its own spread); give it several times.",
        show_default=False,
    ),
]
