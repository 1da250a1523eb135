"""Tests for the dynamic negative prompt's fields in an infotext."""

from __future__ import annotations

import re

import pytest

from counterprompt.negative.dynamic import DynamicChoice, DynamicPrompt, compose_dynamic
from counterprompt.negative.dynamic_infotext import render_fields, restore
from counterprompt.negative.dynamic_names import BEHIND, FIELDS, OWN_FIELD, PLACE_FIELD, RECIPE_FIELD
from counterprompt.negative.layers import NegativeLayer
from counterprompt.negative.recipes import Recipe

RECIPE = Recipe("Mine, with a comma", (NegativeLayer("base", ("blurry", "noisy")),))
CHOICE = DynamicChoice(RECIPE.name, most_terms=9)


def _infotext(own: str = "ugly", choice: DynamicChoice = CHOICE) -> dict[str, object]:
    composed = compose_dynamic(choice, DynamicPrompt("a cat", own, 7.0), [RECIPE])
    fields = render_fields(choice, composed, own)
    return {"Prompt": "a cat", "Negative prompt": composed.text, "CFG scale": "7.0", **fields}


@pytest.mark.parametrize("own", ["ugly", "", "(ugly:1.2), bad: really", "a\nb"])
def test_what_was_written_is_read_back(own: str) -> None:
    """The fields give back the user's choice and own negative prompt."""
    restored = restore(_infotext(own), [RECIPE])

    assert restored is not None
    assert (CHOICE, own) == (restored.choice, restored.own_negative)


@pytest.mark.parametrize(
    "changes",
    [
        {RECIPE_FIELD: "another"},
        {"Negative prompt": "ugly, blurry"},
        {OWN_FIELD: "something else"},
        {"CFG scale": "high"},
        {RECIPE_FIELD: ""},
        {RECIPE_FIELD: ["a", "list"]},
    ],
)
def test_what_would_draw_otherwise_is_not_restored(changes: dict[str, object]) -> None:
    """Where the recipe is missing, was changed, or a field is damaged, nothing is restored."""
    assert restore({**_infotext(), **changes}, [RECIPE]) is None


def test_controls_are_set_to_what_they_know() -> None:
    """A recipe in another spelling and a place of a newer version come back as the page names them."""
    told = {**_infotext(own=""), RECIPE_FIELD: RECIPE.name.upper(), PLACE_FIELD: "between mine"}
    restored = restore(told, [RECIPE])

    assert restored is not None
    assert (RECIPE.name, BEHIND) == (restored.choice.recipe, restored.choice.place)


@pytest.mark.parametrize(
    ("is_restored", "hires"), [(True, "mine, blurry, noisy"), (False, "mine"), (True, "")], ids=["full", "cut", "none"]
)
def test_a_hires_pass_that_would_be_drawn_otherwise_is_not_restored(is_restored: bool, hires: str) -> None:
    """Pasting puts the hires pass's negative prompt into its field as it was drawn: composed again it must not grow."""
    restored = restore({**_infotext(), "Hires negative prompt": hires}, [RECIPE])

    assert is_restored == (restored is not None)


def test_the_recipe_that_was_used_is_written() -> None:
    """Under "auto" the fields name what was used, so that another recipe saved later changes nothing."""
    assert "rules" == _infotext(choice=DynamicChoice())[RECIPE_FIELD]


def test_the_keys_are_such_as_every_webui_reads() -> None:
    """Keys have two characters or more, of letters, digits, blanks, - / _ (HOSTS.md 2.5)."""
    assert all(re.fullmatch(r"\w[\w \-/]+", field) for field in FIELDS)
