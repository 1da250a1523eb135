"""The options of the command that tags, each with its help text."""

from pathlib import Path
from typing import Annotated

import typer

from counterprompt.cli.fetching import fetch_if_needed


def _fetch_each(names: list[Path] | None) -> list[Path] | None:  # Python 3.10's typer chokes on a bare list here
    for name in names or ():
        fetch_if_needed(name)
    return names


Source = Annotated[
    Path, typer.Argument(help="Picture file, or a folder of pictures.", metavar="FILE_OR_FOLDER", show_default=False)
]
Others = Annotated[
    list[Path],
    typer.Option(
        "--vote",
        help="Another tagger that votes too: WD tagger, or the folder of a CLIP for photographs; may be repeated.",
        show_default=False,
        callback=_fetch_each,
    ),
]
Webui = Annotated[
    str, typer.Option("--webui", help="URL of a WebUI whose DeepDanbooru is asked too, or alone.", show_default=False)
]
Agreement = Annotated[
    float, typer.Option("--agreement", help="Share of the taggers that know a tag which must give it, up to 1.")
]
LoneConfidence = Annotated[
    float, typer.Option("--lone-confidence", help="Least confidence of a tag that one of several taggers knows alone.")
]
Threshold = Annotated[
    float | None,
    typer.Option("--threshold", help="Least confidence of general tags; default: the model's own.", show_default=False),
]
CharacterThreshold = Annotated[
    float | None,
    typer.Option(
        "--character-threshold", help="Least confidence of names; default: the model's own.", show_default=False
    ),
]
WidestGap = Annotated[
    bool, typer.Option("--mcut", help="Cut each picture's general tags at their widest gap instead (MCut).")
]
Write = Annotated[
    str,
    typer.Option(
        "--write",
        help="For a folder: write captions as txt (one beside each picture), csv (metadata.csv), both or none.",
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace captions that are there already.")]
Append = Annotated[bool, typer.Option("--append", help="Put what they lack after captions that are there already.")]
Prepend = Annotated[bool, typer.Option("--prepend", help="Put what they lack before captions that are there already.")]
Triggers = Annotated[
    list[str],
    typer.Option("--trigger", help="Word that begins every caption; may be repeated.", show_default=False),
]
Blocked = Annotated[
    list[str],
    typer.Option(
        "--block",
        help='Tags to leave out, with commas between them; "* background" leaves out all backgrounds; may be repeated.',
        show_default=False,
    ),
]
BlockFile = Annotated[
    Path | None, typer.Option("--block-file", help="Text file of tags to leave out, one a line.", show_default=False)
]
Underscores = Annotated[bool, typer.Option("--underscores", help="Write red_hair instead of red hair.")]
Escapes = Annotated[bool, typer.Option("--escape", help="Put a backslash before brackets, as prompts need it.")]
Rating = Annotated[bool, typer.Option("--rating", help="Name the rating too, at the end.")]
SortOrder = Annotated[str, typer.Option("--sort", help="Sort tags by confidence or by name; names come first.")]
BatchSize = Annotated[int, typer.Option("--batch-size", help="Pictures that are tagged at once.")]
