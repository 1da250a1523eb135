"""Commands that keep recipes: save, list, show, delete, export, import."""

from pathlib import Path
from typing import Annotated

import typer

from counterprompt.cli.answers import answer_json, answer_rows, answer_text, warn
from counterprompt.cli.options import Json, StudyFolder
from counterprompt.errors import InvalidInputError
from counterprompt.negative.recipes import Recipe, parse_recipes
from counterprompt.places import expanded
from counterprompt.report.recipe_answers import recipe_answer, recipe_rows
from counterprompt.settings import load_settings
from counterprompt.workflow.recipe_shelf import RecipeShelf, read_text
from counterprompt.workflow.recipes import export_json, export_styles, recipe_from_study

Name = Annotated[str, typer.Argument(help="Name of the recipe.", metavar="NAME", show_default=False)]
Replace = Annotated[bool, typer.Option("--replace", help="Replace what is there under the same name.")]


def shelf() -> RecipeShelf:
    """Return the shelf of this machine's user."""
    return RecipeShelf(load_settings().recipes_folder)


def save_command(
    study: StudyFolder,
    name: Annotated[str, typer.Option("--name", help="What to call it; default: the folder's name.")] = "",
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Keep the proven winner of a study, with its evidence and the conditions it holds for."""
    recipe = recipe_from_study(expanded(study).absolute(), name)
    path = shelf().save(recipe, replace=replace)
    if as_json:
        answer_json({**recipe_answer(recipe), "file": str(path)})
        return
    answer_rows(f"Kept as {recipe.name}", recipe_rows(recipe))


def list_command(as_json: Json = False) -> None:
    """List the recipes that are kept."""
    recipes, faults = shelf().all()
    warn(*faults)
    if as_json:
        answer_json({"recipes": [recipe_answer(recipe) for recipe in recipes]})
        return
    if not recipes:
        answer_text("No recipe is kept yet; `counterprompt recipes save STUDY` keeps the winner of a study.")
        return
    answer_rows("Recipes", [(recipe.name, _line(recipe)) for recipe in recipes])


def show_command(name: Name, as_json: Json = False) -> None:
    """Show a recipe: what it says, what it holds for, and its evidence."""
    recipe = shelf().get(name)
    if as_json:
        answer_json(recipe_answer(recipe))
        return
    answer_rows(recipe.name, recipe_rows(recipe))


def delete_command(name: Name) -> None:
    """Delete a recipe."""
    shelf().delete(name)
    answer_text(f"The recipe {name} is deleted.")


def export_command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Recipes; default: all.", metavar="[NAME]...", show_default=False)
    ] = None,
    styles: Annotated[
        Path | None,
        typer.Option(
            "--styles", help="The WebUI's styles.csv; its other styles stay. Made where missing.", show_default=False
        ),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--to", help="JSON file to write, for `recipes import`.", show_default=False)
    ] = None,
    replace: Replace = False,
) -> None:
    """Carry recipes to the WebUI's styles.csv, or into a JSON file."""
    if styles is None and json_file is None:
        raise InvalidInputError("Nothing says where to; give --styles STYLES.CSV, --to FILE.JSON or both.")
    recipes = [shelf().get(name) for name in names] if names else list(shelf().all()[0])
    if not recipes:
        raise InvalidInputError("There is no recipe to export; `counterprompt recipes save STUDY` keeps one.")
    if styles is not None:
        total = export_styles(recipes, expanded(styles), replace=replace)
        answer_text(f"{styles} holds {total} styles now, {len(recipes)} of them recipes.")
    if json_file is not None:
        export_json(recipes, expanded(json_file), replace=replace)
        answer_text(f"{json_file} holds {len(recipes)} recipes.")


def import_command(
    file: Annotated[Path, typer.Argument(help="JSON file of recipes.", metavar="FILE", show_default=False)],
    replace: Replace = False,
) -> None:
    """Take recipes from a JSON file onto the shelf; all of them or, where one is refused, none."""
    recipes = parse_recipes(read_text(expanded(file)))
    own = shelf()
    here = {recipe.name.casefold(): recipe for recipe in own.all()[0]}
    for recipe in recipes:
        if not replace and here.get(recipe.name.casefold(), recipe) != recipe:
            raise InvalidInputError(f"A recipe called {recipe.name!r} is there already; give --replace.")
    for recipe in recipes:
        own.save(recipe, replace=True)
    answer_text(f"{len(recipes)} recipes were taken from {file}.")


def _line(recipe: Recipe) -> str:
    known = (recipe.checkpoint, recipe.subject, recipe.medium)
    proof = recipe.evidence.sentence if recipe.evidence else "nothing measured"
    return f"{', '.join(filter(None, known)) or 'for anything'}; {proof}"
