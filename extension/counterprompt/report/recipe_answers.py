"""Recipes, for machines and for people."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterprompt.negative.recipes import Recipe


def recipe_answer(recipe: Recipe) -> dict[str, Any]:
    """Answer of `recipes show`: what it says, what it holds for, and its evidence (null where nothing was measured)."""
    return {
        "name": recipe.name,
        "negative_prompt": recipe.negative_prompt or recipe.compose("").text,
        "cfg_scale": recipe.cfg_scale,
        "loras": dict(recipe.lora_weights),
        "layers": [asdict(layer) for layer in recipe.layers],
        "holds_for": {
            "checkpoint": recipe.checkpoint,
            "family": recipe.family,
            "subject": recipe.subject,
            "medium": recipe.medium,
        },
        "prompt": recipe.prompt,
        "evidence": asdict(recipe.evidence) if recipe.evidence else None,
    }


def recipe_rows(recipe: Recipe) -> list[tuple[str, str]]:
    """Word *recipe* as labels and texts."""
    loras = ", ".join(f"{name} {weight:g}" for name, weight in recipe.lora_weights)
    holds = ", ".join(filter(None, (recipe.checkpoint, recipe.family, recipe.subject, recipe.medium)))
    rows = [
        ("Negative prompt", recipe.negative_prompt or recipe.compose("").text or "(empty)"),
        ("CFG scale", "any" if recipe.cfg_scale is None else f"{recipe.cfg_scale:g}"),
        ("LoRAs", loras),
        ("Holds for", holds or "anything"),
        ("Verified with", recipe.prompt),
        ("Evidence", recipe.evidence.sentence if recipe.evidence else "nothing was measured"),
    ]
    return [(label, text) for label, text in rows if text]
