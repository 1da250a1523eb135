"""The command that puts a recipe to use."""

from pathlib import Path
from typing import Annotated

import typer

from counterprompt.bootstrap import picture_copies, pictures
from counterprompt.cli.answers import answer_json, answer_rows, answer_text
from counterprompt.cli.options import Json
from counterprompt.cli.recipes import Replace, shelf
from counterprompt.errors import InvalidInputError
from counterprompt.infotext.params import GenerationParams
from counterprompt.negative.applying import AppliedRecipe, apply_recipe
from counterprompt.places import expanded, is_place
from counterprompt.workflow.recipes import find_recipe


def apply_command(
    recipe: Annotated[
        str,
        typer.Argument(
            help="Name of a recipe, its JSON file, a study's folder, or `auto` for the recipe that suits best.",
            metavar="RECIPE_OR_STUDY",
            show_default=False,
        ),
    ],
    target: Annotated[
        str,
        typer.Argument(
            help="Picture file whose parameters count, or a prompt.", metavar="PICTURE_OR_PROMPT", show_default=False
        ),
    ],
    checkpoint: Annotated[
        str, typer.Option("--checkpoint", help="Checkpoint you will draw with; default: the picture's.")
    ] = "",
    write: Annotated[
        Path | None,
        typer.Option("--write", help="Copy of the picture to write, with the new parameters.", show_default=False),
    ] = None,
    replace: Replace = False,
    as_json: Json = False,
) -> None:
    """Say which fields to set so that a picture or a prompt is drawn by a recipe or by a study's winner."""
    path = expanded(Path(target))
    picture = path if is_place(path, is_file=True) or _is_named_as_picture(target) else None
    params = _params_of(target, picture)
    if write is not None and picture is None:
        raise InvalidInputError("--write copies a picture, but a prompt was given; name a picture file.")
    chosen, why = find_recipe(
        recipe, shelf(), params.prompt, params.negative_prompt, checkpoint or params.model_name or ""
    )
    applied = apply_recipe(chosen, params.prompt, params.negative_prompt)
    if write is not None and picture is not None:
        picture_copies.write_copy(picture, _with_fields(params, applied), expanded(write), replace=replace)
    if as_json:
        answer_json(
            {
                "recipe": chosen.name,
                "why": why,
                "prompt": applied.prompt,
                "negative_prompt": applied.negative_prompt,
                "cfg_scale": applied.cfg_scale,
                "notes": list(applied.notes),
                "written": str(write) if write else None,
            }
        )
        return
    cfg = params.cfg_scale if applied.cfg_scale is None else applied.cfg_scale
    rows = [("Negative prompt", applied.negative_prompt or "(empty)"), ("Prompt", applied.prompt)]
    answer_rows(f"Set, by the recipe {chosen.name}", [*rows, *([("CFG scale", f"{cfg:g}")] if cfg else [])])
    answer_text(*(f"{line}" for line in (why, *applied.notes) if line), *([f"Written: {write}"] if write else []))


def _is_named_as_picture(text: str) -> bool:
    """Whether *text* can only be meant as a picture file, though none is there: no prompt ends so."""
    return text.lower().endswith((".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif")) and "\n" not in text


def _params_of(target: str, picture: Path | None) -> GenerationParams:
    params = pictures.read_picture(picture).params if picture else pictures.read_pasted_text(target).params
    if params is None and picture is None:
        params = GenerationParams(target)
    if params is None or not params.prompt.strip():
        raise InvalidInputError(f"{target[:80]} holds no prompt; give a picture that does, or a prompt.")
    return params


def _with_fields(params: GenerationParams, applied: AppliedRecipe) -> GenerationParams:
    changed = params.with_prompts(applied.prompt, applied.negative_prompt)
    return changed if applied.cfg_scale is None else changed.with_field("CFG scale", f"{applied.cfg_scale:g}")
