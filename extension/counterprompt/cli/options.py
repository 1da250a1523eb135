"""Arguments and options that several commands share, each with its help text."""

from pathlib import Path
from typing import Annotated

import typer

from counterprompt.bootstrap.webuis import DEFAULT_URL
from counterprompt.cli.fetching import fetch_if_needed
from counterprompt.jobs.budgets import PRESETS, USUAL_PICTURES
from counterprompt.jobs.limits import MINUTES

Picture = Annotated[
    Path, typer.Argument(help="Picture file: PNG, JPEG, WebP, AVIF or GIF.", metavar="PICTURE", show_default=False)
]
PictureOrJobs = Annotated[
    Path,
    typer.Argument(
        help="Picture file: PNG, JPEG, WebP, AVIF or GIF; or a job file in YAML, as for `run`.",
        metavar="PICTURE_OR_JOB_FILE",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON object on standard output.")]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Do not open the report in a browser.")]
TaggerFolder = Annotated[
    Path | None,
    typer.Option(
        "--tagger",
        help="Folder or ONNX file of a WD tagger, or a name of `models list`; default: the miniature's.",
        show_default=False,
        callback=fetch_if_needed,
    ),
]
LookAgain = Annotated[
    bool,
    typer.Option(
        "--look-again/--no-look-again",
        help="While the search runs, look at the best candidates' pictures (scorer's probes, tagger) and offer words "
        "against what they still get wrong; costs no picture.",
    ),
]
AntiPrompt = Annotated[
    bool,
    typer.Option(
        "--anti-prompt/--no-anti-prompt",
        help="First draw the opposite of the prompt on a few seeds and offer what appears as negative words.",
    ),
]
Schedules = Annotated[
    bool,
    typer.Option(
        "--schedules/--no-schedules",
        help="Also try the best negative words from a fifth of the steps on, [words:0.2], and up to three fifths, "
        "[words::0.6]; from a budget of 120 on.",
    ),
]
Auth = Annotated[
    str | None,
    typer.Option(
        "--auth",
        help="USER:PASSWORD of a WebUI started with --api-auth; better given in the environment.",
        envvar="COUNTERPROMPT_AUTH",
        show_default=False,
    ),
]
GoalName = Annotated[str, typer.Option("--goal", help="What you want: reproduce, adapt, restyle or learn the picture.")]
Url = Annotated[
    list[str] | None,
    typer.Option(
        "--url",
        "--webui",
        help="Address of the WebUI, started with --api; give several to draw with all of them at once. "
        f"Default: {DEFAULT_URL}.",
        show_default=False,
    ),
]
Storage = Annotated[
    str | None,
    typer.Option(
        "--storage",
        help="Database through which `counterprompt worker` processes draw for the study: sqlite:///FILE, "
        "postgresql://USER:PASSWORD@HOST/DATABASE, or grpc://HOST:PORT; better given in the environment.",
        envvar="COUNTERPROMPT_STORAGE",
        show_default=False,
    ),
]
Checkpoint = Annotated[str, typer.Option("--checkpoint", help="Checkpoint file for diffusers.", show_default=False)]
LoraFolder = Annotated[
    str, typer.Option("--lora-folder", help="Folder of LoRA files for diffusers.", show_default=False)
]
Steps = Annotated[
    int | None,
    typer.Option("--steps", min=1, max=150, help="Sampling steps; default: the picture's.", show_default=False),
]
Sampler = Annotated[str | None, typer.Option("--sampler", help="Sampler; default: the picture's.", show_default=False)]
Size = Annotated[
    str | None, typer.Option("--size", help="WIDTHxHEIGHT in pixels; default: the picture's.", show_default=False)
]
CfgRange = Annotated[
    str | None,
    typer.Option(
        "--cfg-range",
        metavar="LOW,HIGH",
        help="CFG scales to try, as 5,9; the picture's own is always among them. Default: by the rules.",
        show_default=False,
    ),
]
LoraRanges = Annotated[
    list[str] | None,
    typer.Option(
        "--lora-range",
        metavar="[NAME=]LOW,HIGH",
        help="LoRA weights to try, as 0.4,1 for all or style=0.4,1 for one; give it several times. A LoRA's own weight "
        "is always among them, and that weight alone leaves it as it is. Default: by the rules.",
        show_default=False,
    ),
]
Budget = Annotated[
    int | None,
    typer.Option(
        "--budget",
        help=f"Most pictures to generate for search and proof; default: {USUAL_PICTURES}, or what the minutes allow.",
        show_default=False,
    ),
]
Preset = Annotated[
    str | None,
    typer.Option(
        "--preset",
        help=f"Instead of --budget: {', '.join(f'{name} ({count})' for name, count in PRESETS.items())} pictures.",
        show_default=False,
    ),
]
Minutes = Annotated[
    float | None,
    typer.Option(
        "--minutes",
        min=MINUTES[0],
        help="Most minutes, controls included; with --budget or --preset whichever is reached first.",
        show_default=False,
    ),
]
StopEarly = Annotated[
    bool,
    typer.Option(
        "--stop-early/--no-stop-early",
        help="End the search when nothing left to try is likely to gain anything worthwhile; it looks from the 60th "
        "candidate on, which takes a budget of about 340 pictures.",
    ),
]
InventoryPlace = Annotated[
    str | None,
    typer.Option(
        "--inventory",
        help="Folder of a WebUI, or URL of a running one, whose checkpoints, LoRAs, embeddings and VAEs are yours.",
        envvar="COUNTERPROMPT_INVENTORY",
        metavar="FOLDER_OR_URL",
        show_default=False,
    ),
]
Terminal = Annotated[
    bool,
    typer.Option("--terminal", help="Choose among pictures in the terminal, by a contact sheet, not in the browser."),
]
TasteWeight = Annotated[
    float | None,
    typer.Option(
        "--taste-weight",
        min=0.0,
        max=1.0,
        help="How much your choices count against the score: 0 not at all, 1 alone; default: 0.7.",
        show_default=False,
    ),
]
NewStudy = Annotated[
    Path | None,
    typer.Option("--study", help="New folder for the study; default: one in the data folder.", show_default=False),
]
StudyFolder = Annotated[
    Path, typer.Argument(help="Folder of the study, as `tune` printed it.", metavar="STUDY", show_default=False)
]
