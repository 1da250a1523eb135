"""Names around the dynamic negative prompt: what can be chosen, and the fields of an infotext; loads nothing else."""

from __future__ import annotations

from typing import Final

AUTO: Final = "auto"
"""Instead of a recipe's name: the one that suits the prompt best, or the rules where none does."""
RULES_ALONE: Final = "rules"
"""Instead of a recipe's name: layers by the prompt's subject and medium."""

BEHIND: Final = "behind mine"
BEFORE: Final = "before mine"
INSTEAD: Final = "instead of mine"
PLACES: Final = (BEHIND, BEFORE, INSTEAD)
"""Where the composed terms go, as seen from the user's own negative prompt."""

USUAL_MOST_TERMS: Final = 15

RECIPE_FIELD: Final = "Counterprompt recipe"
PLACE_FIELD: Final = "Counterprompt place"
TERMS_FIELD: Final = "Counterprompt terms"
OWN_FIELD: Final = "Counterprompt own negative"
FIELDS: Final = (RECIPE_FIELD, PLACE_FIELD, TERMS_FIELD, OWN_FIELD)
"""Keys that every WebUI's parser accepts: letters and spaces."""
