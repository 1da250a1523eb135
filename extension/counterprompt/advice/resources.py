"""Resources: whether what made the picture is here too, told by hash, not by name alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks
from counterprompt.prompts.families import ModelFamily

if TYPE_CHECKING:
    from counterprompt.infotext.params import GenerationParams

HASH_OF_NOTHING: Final = "e3b0c44298fc"
"""SHA-256 of no bytes, which some WebUIs store for files that they failed to read: no hash at all."""

_SHORTEST_SHA256: Final = 10
"""Hashes of fewer digits are of the old kind and cannot be compared with the new ones."""


class ResourceState(Enum):
    """What is known of one file."""

    PRESENT = "present"
    """Here, and the hashes agree."""
    MISSING = "missing"
    """No file of that name is here."""
    OTHER_FILE = "other file"
    """The name is here, the hashes differ."""
    UNKNOWN = "unknown"
    """Nobody looked, or the name is here and hashes cannot be compared."""


@dataclass(frozen=True)
class Resources:
    """The files that the embedded parameters name, as they stand on this installation."""

    checkpoint: ResourceState = ResourceState.UNKNOWN
    """The diffusion weights."""
    loras: Mapping[str, ResourceState] = field(default_factory=dict)
    """LoRA name as in the prompt to its state."""
    embeddings: Mapping[str, ResourceState] = field(default_factory=dict)
    """Embedding name as in the infotext to its state."""
    family: ModelFamily = ModelFamily.UNKNOWN
    """Family of the checkpoint that will be used here."""

    @property
    def is_complete(self) -> bool:
        """Whether checkpoint, LoRAs and embeddings are all here with the same hash."""
        states = (self.checkpoint, *self.loras.values(), *self.embeddings.values())
        return all(state is ResourceState.PRESENT for state in states)

    def loras_in(self, state: ResourceState) -> tuple[str, ...]:
        """Name the LoRAs in *state*."""
        return tuple(name for name, found in self.loras.items() if found is state)


def compare_hashes(stored: str | None, found: str | None) -> ResourceState:
    """Compare the hash in an infotext with that of the file here; either may be shortened, absent or of the old kind.

    Returns:
        PRESENT, OTHER_FILE or, where they cannot be compared, UNKNOWN.
    """
    length = min(len(stored or ""), len(found or ""))
    if not stored or not found or length < _SHORTEST_SHA256 or stored.lower().startswith(HASH_OF_NOTHING):
        return ResourceState.UNKNOWN
    is_same = stored[:length].lower() == found[:length].lower()
    return ResourceState.PRESENT if is_same else ResourceState.OTHER_FILE


def find_resources(
    params: GenerationParams,
    *,
    checkpoint_hash: str | None = None,
    loras: Mapping[str, str | None] | None = None,
    embeddings: Mapping[str, str | None] | None = None,
    family: ModelFamily = ModelFamily.UNKNOWN,
) -> Resources:
    """Look up what *params* names among the files here.

    Args:
        params: the embedded parameters.
        checkpoint_hash: hash of the checkpoint that will be used, or None where unknown.
        loras: name of each LoRA here to its hash (None: not known), or None where nobody can tell.
        embeddings: the same for embeddings.
        family: family of the checkpoint that will be used.

    Raises:
        InvalidInputError: the prompt is longer than 100,000 characters.
    """
    named = dict.fromkeys(tag.name for tag in find_extra_networks(params.prompt) if tag.kind in LORA_KINDS)
    return Resources(
        checkpoint=compare_hashes(params.model_hash, checkpoint_hash),
        loras={name: _state(name, params.lora_hashes.get(name), loras) for name in named},
        embeddings={name: _state(name, found, embeddings) for name, found in params.embedding_hashes.items()},
        family=family,
    )


def _state(name: str, stored: str | None, installed: Mapping[str, str | None] | None) -> ResourceState:
    if installed is None:
        return ResourceState.UNKNOWN
    return compare_hashes(stored, installed[name]) if name in installed else ResourceState.MISSING
