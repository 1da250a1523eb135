"""How sure a tagger must be of a tag before it counts.

A model folder brings its own as `thresholds.json`; every key may be left out::

    {"general": 0.35, "character": 0.85, "tags": {"bad anatomy": 0.5}}
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import MissingModelError
from counterprompt.tagging.labels import spaced_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

THRESHOLDS_NAME: Final = "thresholds.json"
_SIZE_LIMIT: Final = 1 << 20

BALANCED_GENERAL: Final = {
    "wd-vit-tagger-v3": 0.2614,
    "wd-convnext-tagger-v3": 0.2682,
    "wd-swinv2-tagger-v3": 0.2653,
    "wd-vit-large-tagger-v3": 0.2606,
    "wd-eva02-large-tagger-v3": 0.5296,
}
"""General threshold at which precision equals recall, from each model's card."""


@dataclass(frozen=True)
class TaggerThresholds:
    """Least confidence, 0 to 1, for each kind of tag."""

    general: float = 0.35
    character: float = 0.85
    tags: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Exceptions for single tags, spelled with spaces."""

    def __post_init__(self) -> None:
        for name, threshold in (("general", self.general), ("character", self.character), *self.tags.items()):
            if not 0.0 <= threshold <= 1.0:
                raise MissingModelError(f'The tagger threshold "{name}" must lie within 0 to 1, not {threshold}.')


def thresholds_for(folder: Path) -> TaggerThresholds:
    """Find the thresholds for the model in *folder*: its own file, else its card's value, else 0.35 and 0.85.

    Raises:
        MissingModelError: `thresholds.json` is broken or holds a number outside 0 to 1.
    """
    path = folder / THRESHOLDS_NAME
    known = next((value for name, value in BALANCED_GENERAL.items() if _names_model(folder, name)), 0.35)
    if not path.is_file():
        return TaggerThresholds(general=known)
    content = _read_object(path)
    tags = content.get("tags", {})
    numbers = [content.get("general", known), content.get("character", 0.85)]
    if not isinstance(tags, dict) or not all(_is_number(value) for value in (*numbers, *tags.values())):
        raise MissingModelError(f"The thresholds in {path} must be numbers within 0 to 1.")
    exceptions = {spaced_name(name): float(value) for name, value in tags.items()}
    return TaggerThresholds(float(numbers[0]), float(numbers[1]), MappingProxyType(exceptions))


def widest_gap_threshold(confidences: Sequence[float], floor: float = 0.05) -> float:
    """Cut one picture's confidences at their widest gap: maximum cut thresholding (MCut, Largeron et al. 2012).

    Args:
        confidences: those of one category, 0 to 1, in any order.
        floor: the least threshold that is given back.

    Returns:
        The middle of the widest gap between neighbours, at least *floor*.
    """
    ordered = sorted(confidences, reverse=True)
    gaps = [(above - below, (above + below) / 2.0) for above, below in pairwise(ordered)]
    return max(floor, max(gaps)[1] if gaps else floor)


def _names_model(folder: Path, name: str) -> bool:
    return any(part.lower().endswith(name) for part in folder.resolve().parts)


def _read_object(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            raise MissingModelError(f"{path} is larger than 1 MiB, so it holds no thresholds; remove it.")
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MissingModelError(
            f"The thresholds {path} cannot be read ({error}); correct or remove the file."
        ) from error
    if not isinstance(content, dict):
        raise MissingModelError(f"The thresholds {path} must be a JSON object; correct or remove the file.")
    return content


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
