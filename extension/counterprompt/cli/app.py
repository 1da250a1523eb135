"""The command table."""

from typing import Annotated

import typer

from counterprompt import __version__
from counterprompt.cli import recipes as recipe_commands
from counterprompt.cli.answers import answer_text
from counterprompt.cli.applying import apply_command
from counterprompt.cli.choosing import choose_command
from counterprompt.cli.comparing import compare_command
from counterprompt.cli.dashboard import dashboard_command
from counterprompt.cli.demo import demo_command
from counterprompt.cli.health import doctor, miniature_check
from counterprompt.cli.models import fetch_command, list_command, where_command
from counterprompt.cli.outcomes import report_command
from counterprompt.cli.reading import advise_command, diff_command, read_command
from counterprompt.cli.resources import resources_command
from counterprompt.cli.resuming import prove_command, resume_command
from counterprompt.cli.running import run_command
from counterprompt.cli.tagging import tag_command
from counterprompt.cli.tuning import tune_command
from counterprompt.cli.working import worker_command

app = typer.Typer(
    name="counterprompt",
    help="Read a picture's prompt, compare it with the picture, and find the negative prompt that really helps.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
miniature = typer.Typer(help="The tiny diffusion world that ships with Counterprompt.", no_args_is_help=True)

models = typer.Typer(help="The taggers that can be had by name, and where they lie.", no_args_is_help=True)

recipes = typer.Typer(help="Proven winners, kept with their evidence for other prompts.", no_args_is_help=True)

app.command("demo")(demo_command)
app.command("read")(read_command)
app.command("tag")(tag_command)
app.command("diff")(diff_command)
app.command("resources")(resources_command)
app.command("advise")(advise_command)
app.command("compare")(compare_command)
app.command("tune")(tune_command)
app.command("run")(run_command)
app.command("resume")(resume_command)
app.command("prove")(prove_command)
app.command("choose")(choose_command)
app.command("worker")(worker_command)
app.command("report")(report_command)
app.command("dashboard")(dashboard_command)
app.command("apply")(apply_command)
app.command("doctor")(doctor)
miniature.command("check")(miniature_check)
app.add_typer(miniature, name="miniature")
models.command("list")(list_command)
models.command("fetch")(fetch_command)
models.command("where")(where_command)
app.add_typer(models, name="models")

recipes.command("save")(recipe_commands.save_command)
recipes.command("list")(recipe_commands.list_command)
recipes.command("show")(recipe_commands.show_command)
recipes.command("delete")(recipe_commands.delete_command)
recipes.command("export")(recipe_commands.export_command)
recipes.command("import")(recipe_commands.import_command)
app.add_typer(recipes, name="recipes")


def _show_version(asked: bool) -> None:
    if asked:
        answer_text(f"counterprompt {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Read a picture's prompt, compare it with the picture, and find the negative prompt that really helps."""


@recipes.callback()
def recipes_main() -> None:
    """Keep proven winners with their evidence, and carry them to the WebUI's styles."""


@models.callback()
def models_main() -> None:
    """List, fetch and find the taggers that can be had by name."""


@miniature.callback()
def miniature_main() -> None:
    """Look after the tiny diffusion world that ships with Counterprompt."""
