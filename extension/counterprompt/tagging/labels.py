"""The label file of a WD tagger: which number of the model's output stands for which tag."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import MissingModelError
from counterprompt.tags.observed import TagCategory

if TYPE_CHECKING:
    from pathlib import Path

LABELS_NAME: Final = "selected_tags.csv"
_SIZE_LIMIT: Final = 16 << 20
KAOMOJI: Final = frozenset(
    # One string, because a list of nineteen would take nineteen lines.
    "0_0 (o)_(o) +_+ +_- ._. <o>_<o> <|>_<|> =_= >_< 3_3 6_9 >_o @_@ ^_^ o_o u_u x_x |_| ||_||".split()  # noqa: SIM905
)
"""Tags that are drawings of faces, in which the underscore is a mouth and no space."""


@dataclass(frozen=True)
class TagLabel:
    """One row of the label file."""

    name: str
    """Lower case, with spaces: "bad anatomy"; faces keep their underscore."""
    category: TagCategory
    threshold: float | None = None
    """Least confidence the file itself asks of this tag, 0 to 1; None where it has no column `best_threshold`."""


def spaced_name(name: str) -> str:
    """Turn booru spelling into how prompts write it: "Bad_Anatomy" -> "bad anatomy", "^_^" stays."""
    lowered = name.strip().lower()
    return lowered if lowered in KAOMOJI else lowered.replace("_", " ")


def read_labels(path: Path) -> tuple[TagLabel, ...]:
    """Read a `selected_tags.csv`, in the order of the model's output.

    WD v1.4, v2 and v3 have the columns tag_id, name, category and count and the categories 0 general, 4 character and 9
    rating. Models trained later add columns, of which `best_threshold` is read, and Danbooru's other categories: 1
    artist, 3 copyright, 5 meta.

    Raises:
        MissingModelError: it is missing, too large, lacks a column, or holds an unknown category or no row.
    """
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            raise MissingModelError(
                f"{path} is larger than 16 MiB, so it is no tag list; put the model's own file there."
            )
        with path.open(encoding="utf-8-sig", newline="") as stream:
            labels = tuple(_read_label(row, path) for row in csv.DictReader(stream))
    except OSError as error:
        raise MissingModelError(f"The tagger's label file {path} cannot be read; download the model again.") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise MissingModelError(f"The tagger's label file {path} is broken ({error}); download it again.") from error
    if not labels:
        raise MissingModelError(f"The tagger's label file {path} holds no tag; download it again.")
    return labels


def _read_label(row: dict[str, str], path: Path) -> TagLabel:
    name, category = row.get("name"), row.get("category")
    if not name or category is None:
        raise MissingModelError(
            f"The tagger's label file {path} needs the columns name and category; download it again."
        )
    try:
        known = TagCategory(int(category))
    except ValueError as error:
        numbers = ", ".join(str(int(one)) for one in TagCategory)
        raise MissingModelError(
            f'The tag "{name}" in {path} has the unknown category {category}; use one of {numbers}.'
        ) from error
    return TagLabel(spaced_name(name), known, _read_threshold(row.get("best_threshold"), name, path))


def _read_threshold(text: str | None, name: str, path: Path) -> float | None:
    if not text:
        return None
    try:
        threshold = float(text)
    except ValueError:
        threshold = -1.0
    if not 0.0 <= threshold <= 1.0:
        raise MissingModelError(f'The best_threshold "{text}" of the tag "{name}" in {path} must lie within 0 to 1.')
    return threshold
