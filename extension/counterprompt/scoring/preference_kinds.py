"""The preference models that can be used: what they are, where they come from, under which licence."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class PreferenceKind:
    """What one preference model is and where it comes from."""

    key: str
    """As the command line spells it."""
    name: str
    """For reports."""
    licence: str
    """SPDX identifier of code and weights."""
    repository: str
    """On the Hugging Face hub, OWNER/NAME."""
    file_name: str
    """The weights in that repository."""
    is_padded: bool
    """Whether it was trained on whole pictures padded to a square, not on their middle."""
    scale: float | None
    """What the cosine is multiplied with, above 0; None takes the model's own logit scale."""
    is_transformers: bool
    """Whether its weights bear transformers' names."""
    architecture: str = "ViT-H-14"
    """As open_clip names it; GELU, some 990 million weights."""


PREFERENCES: Final[Mapping[str, PreferenceKind]] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            PreferenceKind(
                "hpsv2.1",
                "HPSv2.1",
                "Apache-2.0",
                "xswu/HPSv2",
                "HPS_v2.1_compressed.pt",
                is_padded=True,
                scale=100.0,
                is_transformers=False,
            ),
            PreferenceKind(
                "pickscore",
                "PickScore v1",
                "MIT",
                "yuvalkirstain/PickScore_v1",
                "model.safetensors",
                is_padded=False,
                scale=None,
                is_transformers=True,
            ),
        )
    }
)
"""The preference models that can be used, by key."""


def preference_kind(key: str) -> PreferenceKind:
    """Return the preference model that is called *key*.

    Raises:
        InvalidInputError: there is none.
    """
    if key not in PREFERENCES:
        raise InvalidInputError(f"There is no preference model {key!r}; use one of {', '.join(PREFERENCES)}.")
    return PREFERENCES[key]
