"""Each model's own thresholds: models differ twofold, so that one number for all is wrong for most.

Looked for in this order, each number for itself:

1. `thresholds.json` in the model's folder, every key may be left out::

       {"general": 0.35, "character": 0.85, "tags": {"bad anatomy": 0.5}}

2. what came with the model: the column `best_threshold` of its label file for single tags, and `thresholds.csv` with
   the columns category and threshold (the layout in which the deepghs collection publishes taggers);
3. the table of model cards below, where the folder's path names the model;
4. the model card in the folder, `README.md`, if it says "P=R: threshold = 0.2614" as SmilingWolf's cards do;
5. 0.35 and 0.85.
"""

from __future__ import annotations

import csv
import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import MissingModelError
from counterprompt.tagging.labels import spaced_name
from counterprompt.tagging.thresholds import TaggerThresholds
from counterprompt.tags.observed import TagCategory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from counterprompt.tagging.labels import TagLabel

THRESHOLDS_NAME: Final = "thresholds.json"
CATEGORIES_NAME: Final = "thresholds.csv"
CARD_NAME: Final = "README.md"
_SIZE_LIMIT: Final = 1 << 20
_CARD_LIMIT: Final = 1 << 16
_USUAL: Final = TaggerThresholds()
_BALANCE: Final = re.compile(r"P=R: threshold = (0\.\d{1,6})")

BALANCED_GENERAL: Final = {
    "wd-v1-4-convnext-tagger-v2": 0.3685,
    "wd-v1-4-convnextv2-tagger-v2": 0.3710,
    "wd-v1-4-moat-tagger-v2": 0.3771,
    "wd-v1-4-swinv2-tagger-v2": 0.3771,
    "wd-v1-4-vit-tagger-v2": 0.3537,
    "wd-vit-tagger-v3": 0.2614,
    "wd-convnext-tagger-v3": 0.2682,
    "wd-swinv2-tagger-v3": 0.2653,
    "wd-vit-large-tagger-v3": 0.2606,
    "wd-eva02-large-tagger-v3": 0.5296,
}
"""General threshold at which precision equals recall, from each model's card."""


def thresholds_for(folder: Path, labels: Sequence[TagLabel] = ()) -> TaggerThresholds:
    """Find the thresholds for the model in *folder*, whose label file holds *labels* (order: see the module).

    Raises:
        MissingModelError: one of the files is broken or holds a number outside 0 to 1.
    """
    own, by_model = folder / THRESHOLDS_NAME, folder / CATEGORIES_NAME
    content = _read_object(own)
    by_category = _read_categories(by_model)
    tags = content.get("tags", {})
    numbers = [
        content.get("general", by_category.get(TagCategory.GENERAL, _balance_of(folder))),
        content.get("character", by_category.get(TagCategory.CHARACTER, _USUAL.character)),
    ]
    if not isinstance(tags, dict) or not all(_is_number(value) for value in (*numbers, *tags.values())):
        raise MissingModelError(f"The thresholds in {own} must be numbers within 0 to 1.")
    for name, number in (("general", numbers[0]), ("character", numbers[1]), *tags.items()):
        if not 0.0 <= number <= 1.0:
            path = own if name in content or name in tags else by_model
            raise MissingModelError(
                f'The tagger threshold "{name}" must lie within 0 to 1, not {number}; correct or remove {path}.'
            )
    exceptions = {label.name: label.threshold for label in labels if label.threshold is not None}
    exceptions.update({spaced_name(name): float(value) for name, value in tags.items()})
    return TaggerThresholds(float(numbers[0]), float(numbers[1]), MappingProxyType(exceptions))


def _balance_of(folder: Path) -> float:
    """Return the general threshold of the model's card: from the table, else from the folder, else the usual one."""
    parts = [part.lower() for part in folder.resolve().parts]
    known = [value for name, value in BALANCED_GENERAL.items() if any(part.endswith(name) for part in parts)]
    if known:
        return known[0]
    try:
        with (folder / CARD_NAME).open(encoding="utf-8", errors="replace") as stream:
            found = _BALANCE.search(stream.read(_CARD_LIMIT))
    except OSError:
        return _USUAL.general
    return float(found.group(1)) if found else _USUAL.general


def _read_categories(path: Path) -> Mapping[int, float]:
    text = _read_text(path)
    rows = csv.DictReader((text or "").splitlines())
    found: dict[int, float] = {}
    try:
        for row in rows:
            found.setdefault(int(row["category"]), float(row["threshold"]))
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise MissingModelError(
            f"{path} needs numbers in the columns category and threshold; download it again or remove it."
        ) from error
    return found


def _read_object(path: Path) -> dict[str, Any]:
    text = _read_text(path)
    try:
        content = json.loads(text, parse_int=float) if text is not None else {}  # whole numbers without end too
    except (ValueError, RecursionError) as error:
        raise MissingModelError(
            f"The thresholds {path} cannot be read ({error}); correct or remove the file."
        ) from error
    if not isinstance(content, dict):
        raise MissingModelError(f"The thresholds {path} must be a JSON object; correct or remove the file.")
    return content


def _read_text(path: Path) -> str | None:
    """Return the text of *path*, or None where there is no such file."""
    if not path.is_file():
        return None
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            raise MissingModelError(f"{path} is larger than 1 MiB, so it holds no thresholds; remove it.")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MissingModelError(
            f"The thresholds {path} cannot be read ({error}); correct or remove the file."
        ) from error


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
