"""Captions for LoRA training: tags in a row, as lora-scripts and kohya's trainers read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.tagging.labels import spaced_name
from counterprompt.tags.observed import TagCategory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counterprompt.tags.observed import ObservedTag, ObservedTags

SORT_ORDERS: Final = ("confidence", "name")
_GROUPS: Final = (
    (TagCategory.CHARACTER, TagCategory.COPYRIGHT, TagCategory.ARTIST),
    (TagCategory.GENERAL,),
    (TagCategory.META,),
)
"""Who it is comes before what is seen."""


class ExistingCaptions(Enum):
    """What becomes of a caption that is there already."""

    KEEP = "keep"
    """It stays as it is, and its picture is not tagged."""
    OVERWRITE = "overwrite"
    """The new one takes its place."""
    APPEND = "append"
    """What it does not say yet is put after it."""
    PREPEND = "prepend"
    """What it does not say yet is put before it."""


@dataclass(frozen=True)
class CaptionStyle:
    """How tags become a caption."""

    triggers: tuple[str, ...] = ()
    """Words that begin every caption, as they stand."""
    blocked: tuple[str, ...] = ()
    """Tags to leave out, in either spelling and any case; `*` stands for any characters: "* background"."""
    has_underscores: bool = False
    """Whether to write "red_hair" instead of "red hair"; faces such as "^_^" keep theirs either way."""
    has_escapes: bool = False
    r"""Whether to put a backslash before ( ) and \\, which prompts otherwise take for emphasis."""
    has_rating: bool = False
    """Whether the rating is named, at the end."""
    order: str = "confidence"
    """One of SORT_ORDERS, within names first, then general tags, then meta tags."""

    def __post_init__(self) -> None:
        if self.order not in SORT_ORDERS:
            raise InvalidInputError(f"Tags cannot be sorted by {self.order!r}; use one of {', '.join(SORT_ORDERS)}.")


def render_caption(observed: ObservedTags, style: CaptionStyle = CaptionStyle()) -> str:
    """Write the tags of one picture as a caption: "1girl, red hair, smile"; no tag comes twice."""
    return ", ".join(caption_parts(observed, style))


def caption_parts(observed: ObservedTags, style: CaptionStyle) -> list[str]:
    """List the trigger words and then the tags of one picture as *style* writes them, none twice."""
    is_blocked = _blocker(style.blocked)
    tags = [_spell(tag.name, style) for tag in _in_order(observed, style) if not is_blocked(tag.name)]
    parts: dict[str, str] = {}
    for part in (*_trigger_parts(style), *tags):
        parts.setdefault(_folded(part), part)
    return list(parts.values())


def merge_captions(old: str, parts: Sequence[str], style: CaptionStyle, existing: ExistingCaptions) -> str:
    """Join the caption *old* with new *parts* that it does not say yet; *old* itself stays as it is.

    Trigger words that are missing come first in any case. Doing it twice changes nothing.
    """
    kept = old.strip().strip(",").strip()
    if existing is ExistingCaptions.OVERWRITE or not kept:
        return ", ".join(parts)
    if existing is ExistingCaptions.KEEP:
        return old
    said = {_folded(part) for part in re.split(r"[,\n]", kept)}
    new = [part for part in parts if _folded(part) not in said]
    triggers = [part for part in new if part in _trigger_parts(style)]
    tags = [part for part in new if part not in triggers]
    joined = [*triggers, kept, *tags] if existing is ExistingCaptions.APPEND else [*triggers, *tags, kept]
    return ", ".join(joined)


def _trigger_parts(style: CaptionStyle) -> list[str]:
    return [part.strip() for trigger in style.triggers for part in trigger.split(",") if part.strip()]


def _in_order(observed: ObservedTags, style: CaptionStyle) -> list[ObservedTag]:
    groups = (*_GROUPS, (TagCategory.RATING,)) if style.has_rating else _GROUPS
    key = (lambda tag: tag.name) if style.order == "name" else (lambda tag: -tag.confidence)
    return [tag for group in groups for tag in sorted((tag for tag in observed.tags if tag.category in group), key=key)]


def _blocker(patterns: Sequence[str]) -> Callable[[str], bool]:
    parts = [".*".join(map(re.escape, spaced_name(pattern).split("*"))) for pattern in patterns if pattern.strip()]
    blocked = re.compile("|".join(parts)) if parts else None
    return lambda name: blocked is not None and blocked.fullmatch(name) is not None


def _spell(name: str, style: CaptionStyle) -> str:
    spelled = name.replace(" ", "_") if style.has_underscores else name
    return re.sub(r"([\\()])", r"\\\1", spelled) if style.has_escapes else spelled


def _folded(part: str) -> str:
    return spaced_name(re.sub(r"\\([\\()])", r"\1", part))
