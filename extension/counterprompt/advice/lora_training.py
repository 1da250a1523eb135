"""What a LoRA was trained on, read from the metadata in its header."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from counterprompt.advice.model_family import family_of_file
from counterprompt.prompts.families import ModelFamily
from counterprompt.prompts.folding import fold_words

MOST_TAGS: Final = 40
"""Trained tags that are kept, the most frequent first."""
_LONGEST_FREQUENCIES: Final = 8 * 2**20
_LONGEST_TEXT: Final = 200


@dataclass(frozen=True)
class LoraTraining:
    """What the trainer wrote into the header; kohya's `ss_` keys and Stability's `modelspec.` ones."""

    output_name: str = ""
    """`ss_output_name`: the name it was trained under, which A1111 accepts in prompts too."""
    title: str = ""
    """`modelspec.title`."""
    base_model: str = ""
    """`ss_sd_model_name`, or else `ss_base_model_version` or `modelspec.architecture`."""
    family: ModelFamily = ModelFamily.UNKNOWN
    """The family it was trained for."""
    trigger: str = ""
    """`modelspec.trigger_phrase`."""
    tags: tuple[tuple[str, int], ...] = ()
    """Tag and how many training pictures had it, most frequent first, at most MOST_TAGS."""

    @cached_property
    def folded_shares(self) -> dict[tuple[str, ...], float]:
        """The shares by folded words; the trigger phrase counts like the most frequent tag."""
        shares = {_fold(tag): share for tag, share in self.tag_shares().items()}
        return {**shares, _fold(self.trigger): 1.0} if self.trigger else shares

    def tag_shares(self) -> dict[str, float]:
        """Return each tag's frequency relative to the most frequent one, above 0 up to 1."""
        most = max((count for _, count in self.tags), default=1)
        return {tag: count / most for tag, count in self.tags}


@lru_cache(maxsize=65536)
def _fold(tag: str) -> tuple[str, ...]:
    """Fold one tag; LoRAs share most of theirs."""
    return fold_words(tag)


def read_training(metadata: Mapping[str, str], name: str) -> LoraTraining:
    """Read the *metadata* of the LoRA file *name*; whatever is absent, malformed or too large is left empty."""
    base = (metadata.get(key, "") for key in ("ss_sd_model_name", "ss_base_model_version", "modelspec.architecture"))
    return LoraTraining(
        output_name=_short(metadata.get("ss_output_name", "")),
        title=_short(metadata.get("modelspec.title", "")),
        base_model=_short(next(filter(None, base), "")),
        family=family_of_file(metadata, name),
        trigger=_short(metadata.get("modelspec.trigger_phrase", "")),
        tags=_read_frequencies(metadata.get("ss_tag_frequency", "")),
    )


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TEXT]


def _read_frequencies(text: str) -> tuple[tuple[str, int], ...]:
    """Read `{"10_folder": {"tag": 12}}`, the counts of all folders together; `{"tag": 12}` exists too."""
    if not text or len(text) > _LONGEST_FREQUENCIES:
        return ()
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    counts: Counter[str] = Counter()
    if isinstance(parsed, dict):
        _count(parsed, counts)
        for folder in parsed.values():
            _count(folder, counts)
    return tuple(counts.most_common(MOST_TAGS))


def _count(table: Any, counts: Counter[str]) -> None:
    if not isinstance(table, Mapping):
        return
    for tag, count in table.items():
        is_count = isinstance(count, int) and not isinstance(count, bool) and 0 < count < 2**53
        if is_count and isinstance(tag, str) and tag.strip():
            counts[_short(tag)] += count
