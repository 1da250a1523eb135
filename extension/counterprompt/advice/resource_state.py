"""What is known of the files that made a picture, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from counterprompt.advice.inventory import InstalledFile, ResourceKind, fold_name
from counterprompt.prompts.families import ModelFamily

if TYPE_CHECKING:
    from counterprompt.advice.mentions import ResourceMention
    from counterprompt.advice.nearest import NearestLora


class ResourceState(Enum):
    """What is known of one file."""

    PRESENT = "present"
    """Here, and the hashes agree."""
    RENAMED = "under another name"
    """Here by its hash, under another name."""
    MISSING = "missing"
    """No file of that name is here."""
    OTHER_FILE = "other file"
    """The name is here, the hashes differ."""
    UNKNOWN = "unknown"
    """Nobody looked, or the name is here and hashes cannot be compared."""

    @property
    def is_here(self) -> bool:
        """Whether the very file is here."""
        return self in (ResourceState.PRESENT, ResourceState.RENAMED)


@dataclass(frozen=True)
class ResourceFinding:
    """One file that made the picture, and what is here of it."""

    mention: ResourceMention
    """The file as the picture names it."""
    state: ResourceState
    """What is here of it."""
    file: InstalledFile | None = None
    """The file here that has its hash or its name."""
    nearest: NearestLora | None = None
    """For a LoRA that is missing or another file: the one here that comes nearest."""


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
    findings: tuple[ResourceFinding, ...] = ()
    """Every file with what was found; empty where there is no inventory."""

    @property
    def is_complete(self) -> bool:
        """Whether checkpoint, LoRAs and embeddings are all here with the same hash."""
        states = (self.checkpoint, *self.loras.values(), *self.embeddings.values())
        return all(state.is_here for state in states)

    @property
    def known_share(self) -> float:
        """Share of the named files whose state is known, 0 to 1."""
        states = [self.checkpoint, *self.loras.values(), *self.embeddings.values()]
        return sum(state is not ResourceState.UNKNOWN for state in states) / len(states)

    def loras_in(self, state: ResourceState) -> tuple[str, ...]:
        """Name the LoRAs in *state*."""
        return tuple(name for name, found in self.loras.items() if found is state)

    def embeddings_in(self, state: ResourceState) -> tuple[str, ...]:
        """Name the embeddings in *state*."""
        return tuple(name for name, found in self.embeddings.items() if found is state)

    def finding(self, kind: ResourceKind, name: str) -> ResourceFinding | None:
        """Return what was found of the file *name*, or None where nobody looked for it."""
        folded = fold_name(name)
        of_kind = (finding for finding in self.findings if finding.mention.kind is kind)
        return next((finding for finding in of_kind if fold_name(finding.mention.name) == folded), None)
