"""Recipes applied to prompts."""

from __future__ import annotations

from counterprompt.negative.applying import apply_recipe
from counterprompt.negative.layers import NegativeLayer
from counterprompt.negative.recipes import Recipe

RECIPE = Recipe(
    "r",
    (NegativeLayer("base", ("blurry", "grainy"), 1.2),),
    6.5,
    (("style", 0.7),),
    prompt="a cat <lora:style:0.7>",
    negative_prompt="(grainy, blurry:1.25)",
)


def test_the_verified_prompt_gets_the_verified_words() -> None:
    """For its own prompt the proven text is given, word for word, LoRA weight and CFG scale included."""
    applied = apply_recipe(RECIPE, "a cat <lora:style:0.9>")

    assert ("a cat <lora:style:0.7>", "(grainy, blurry:1.25)", 6.5) == (
        applied.prompt,
        applied.negative_prompt,
        applied.cfg_scale,
    )
    assert "word for word" in applied.notes[0]


def test_another_prompt_is_composed_for() -> None:
    """What the prompt asks for is left out and said, and so is what is replaced; LoRAs it has not stay away."""
    applied = apply_recipe(RECIPE, "a dog, grainy", "ugly")

    assert ("a dog, grainy", "(blurry:1.2)") == (applied.prompt, applied.negative_prompt)
    assert ["“grainy” is left out", "The gain was meas", "It takes the plac"] == [
        note[:17] if not note.startswith("“") else note[:20] for note in applied.notes
    ]
