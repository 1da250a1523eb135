"""Where recipes are kept: one JSON file each, in a folder."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.negative.dynamic_names import AUTO, RULES_ALONE
from counterprompt.negative.recipes import Recipe, parse_recipe, render_recipe
from counterprompt.whole_files import naming_the_remedy, replace_text

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST_FILE = 1_000_000


class RecipeShelf:
    """The recipes in one folder, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> tuple[tuple[Recipe, ...], tuple[str, ...]]:
        """Return every recipe in the order of names, and a sentence for each file that is none."""
        recipes, faults = [], []
        for path in sorted(self.folder.glob("*.json")):
            try:
                recipes.append(read_recipe(path))
            except InvalidInputError as error:
                faults.append(f"{path} is left out: {error}")
        return tuple(sorted(recipes, key=lambda recipe: recipe.name.casefold())), tuple(faults)

    def get(self, name: str) -> Recipe:
        """Return the recipe called *name*, in upper or lower case.

        Raises:
            InvalidInputError: there is none of that name.
        """
        found = [recipe for recipe in self.all()[0] if recipe.name.casefold() == name.casefold()]
        if not found:
            known = ", ".join(recipe.name for recipe in self.all()[0][:10]) or "none yet"
            raise InvalidInputError(f"There is no recipe {name!r} (there are: {known}); `recipes list` shows them.")
        return found[0]

    def save(self, recipe: Recipe, *, replace: bool = False) -> Path:
        """Keep *recipe* and return its file.

        Raises:
            InvalidInputError: another one of its name is there and *replace* is False, its name is a word that
                chooses among recipes, or the folder cannot be written.
        """
        if recipe.name.casefold() in (AUTO, RULES_ALONE):
            raise InvalidInputError(f"{recipe.name!r} says how to choose among recipes; give the recipe another name.")
        path = self._path(recipe.name)
        if (
            path.exists()
            and not replace
            and path.read_text(encoding="utf-8", errors="replace") != render_recipe(recipe)
        ):
            raise InvalidInputError(
                f"A recipe called {recipe.name!r} is there already; give --replace, or another name."
            )
        with naming_the_remedy(f"The folder {self.folder}", "set COUNTERPROMPT_DATA to another"):
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_text(path, render_recipe(recipe), errors="replace")
        return path

    def delete(self, name: str) -> None:
        """Take the recipe called *name* off the shelf.

        Raises:
            InvalidInputError: there is none of that name, or it cannot be deleted.
        """
        recipe = self.get(name)
        with naming_the_remedy(f"The folder {self.folder}", "check its permissions"):
            for path in self.folder.glob("*.json"):
                if _is_of(path, recipe):
                    path.unlink()

    def _path(self, name: str) -> Path:
        digest = hashlib.sha256(name.casefold().encode("utf-8", "surrogatepass")).hexdigest()[:8]
        return self.folder / f"{re.sub(r'[^0-9A-Za-z]+', '-', name)[:40].strip('-') or 'recipe'}-{digest}.json".lower()


def read_recipe(path: Path) -> Recipe:
    """Read the recipe in the file at *path*.

    Raises:
        InvalidInputError: it cannot be read, or is no recipe.
    """
    return parse_recipe(read_text(path))


def read_text(path: Path) -> str:
    """Read the text of a file that should hold recipes or styles.

    Raises:
        InvalidInputError: it cannot be read, or is too large.
    """
    try:
        if path.stat().st_size > 20 * _LARGEST_FILE:
            raise InvalidInputError(f"{path} is too large to hold recipes; name another file.")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path} cannot be read ({error}); name another file.") from error


def _is_of(path: Path, recipe: Recipe) -> bool:
    try:
        return read_recipe(path) == recipe
    except InvalidInputError:
        return False
