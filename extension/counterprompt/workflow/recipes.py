"""Recipes made from studies, chosen for a prompt, and carried to other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.infotext.parse import parse_infotext
from counterprompt.negative.dynamic_names import AUTO
from counterprompt.negative.recipe_choice import choose_recipe, conditions_of, rank_recipes, why_none
from counterprompt.negative.recipe_evidence import RecipeEvidence
from counterprompt.negative.recipes import Recipe, render_recipes
from counterprompt.negative.styles_csv import ENCODING, StyleRow, parse_styles, render_styles, with_styles
from counterprompt.places import expanded, is_place
from counterprompt.report.files import load_report
from counterprompt.search.folder import PLAN_FILE, load_plan
from counterprompt.search.recipe_layers import layers_of
from counterprompt.whole_files import naming_the_remedy, replacing
from counterprompt.workflow.recipe_shelf import RecipeShelf, read_recipe, read_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counterprompt.negative.recipe_choice import Conditions, RecipeChoice
    from counterprompt.report.content import ReportContent


def recipe_from_study(folder: Path, name: str = "") -> Recipe:
    """Make a recipe of the winner of the study in *folder*, with its evidence and the conditions it holds for.

    *name* defaults to the folder's.

    Raises:
        InvalidInputError: the study has not ended, or found nothing better.
    """
    content, plan = load_report(folder), load_plan(folder)
    if not content.is_gain:
        raise InvalidInputError(
            f"The study in {folder} proved no gain, so there is nothing to keep; tune another picture."
        )
    winner, proof = content.winner, content.held_out
    checkpoint = dict(plan.notes).get("model", "") or _embedded_checkpoint(content)
    conditions = conditions_of(winner.prompt, plan.baseline.negative_prompt, checkpoint)
    return Recipe(
        name=name or folder.name,
        layers=layers_of(winner.negative_prompt, plan),
        cfg_scale=winner.cfg_scale,
        lora_weights=winner.loras,
        checkpoint=checkpoint,
        family=conditions.family,
        subject=conditions.subject,
        medium=conditions.medium,
        prompt=winner.prompt,
        negative_prompt=winner.negative_prompt,
        evidence=RecipeEvidence(
            proof.gain,
            *proof.ci95,
            proof.win_rate,
            proof.seeds,
            content.generator,
            content.created,
            None if content.cfg_share is None else content.cfg_share.gain,
        ),
    )


def _embedded_checkpoint(content: ReportContent) -> str:
    return parse_infotext(content.picture.infotext).model_name or "" if content.picture.infotext else ""


def find_recipe(
    wish: str, shelf: RecipeShelf, prompt: str, negative_prompt: str = "", checkpoint: str = ""
) -> tuple[Recipe, str]:
    """Return the recipe that *wish* names and why it is that one.

    *wish* is "auto" (by the conditions that *prompt* and *checkpoint* bring), a name on the *shelf*, a study's folder
    or a recipe's file.

    Raises:
        InvalidInputError: there is no such recipe, or none suits.
    """
    from pathlib import Path

    here = conditions_of(prompt, negative_prompt, checkpoint)
    if wish == AUTO:
        choice = _chosen(shelf.all()[0], here)
        return choice.recipe, f"{choice.recipe.name} suits best: {'; '.join(choice.reasons)}."
    path = expanded(Path(wish))
    if is_place(path / PLAN_FILE, is_file=True):
        recipe = recipe_from_study(path.absolute())
    elif path.suffix.lower() == ".json" and is_place(path, is_file=True):
        recipe = read_recipe(path)
    else:
        recipe = shelf.get(wish)
    (choice,) = rank_recipes([recipe], here)
    return recipe, "; ".join(choice.reasons)


def _chosen(recipes: Sequence[Recipe], here: Conditions) -> RecipeChoice:
    choice = choose_recipe(recipes, here)
    if choice is not None:
        return choice
    why = why_none(recipes, here)
    if why:  # a sentence of its own: pages translate sentences whole
        raise InvalidInputError(
            f"No recipe suits this prompt ({why}); `recipes list` shows those there are, name one of them."
        )
    raise InvalidInputError("No recipe suits this prompt; `recipes list` shows those there are, name one of them.")


def export_styles(recipes: Sequence[Recipe], path: Path, *, replace: bool = False) -> int:
    """Put *recipes* into the WebUI's styles file at *path*, whose other styles stay, and return how many it then holds.

    Raises:
        InvalidInputError: the file is no styles file, holds another style of the same name and *replace* is False, or
            cannot be written.
    """
    rows = parse_styles(read_text(path)) if path.exists() else ()
    added = [StyleRow(recipe.name, "", recipe.negative_prompt or recipe.compose("").text) for recipe in recipes]
    merged = with_styles(rows, added, replace=replace)
    write_new(path, render_styles(merged), encoding=ENCODING, replace=True)
    return len(merged)


def export_json(recipes: Sequence[Recipe], path: Path, *, replace: bool = False) -> None:
    """Write *recipes* to a new file at *path*.

    Raises:
        InvalidInputError: there is a file and *replace* is False, or it cannot be written.
    """
    write_new(path, render_recipes(recipes), encoding="utf-8", replace=replace)


def write_new(path: Path, text: str, *, encoding: str, replace: bool) -> None:
    """Write *text* to *path* in one step.

    Raises:
        InvalidInputError: there is a file and *replace* is False, or it cannot be written.
    """
    if path.exists() and not replace:
        raise InvalidInputError(f"{path} is there already; give --replace, or name another file.")
    with naming_the_remedy(path, "name another file"), replacing(path) as aside:
        aside.write_text(text, encoding=encoding, errors="replace", newline="")
