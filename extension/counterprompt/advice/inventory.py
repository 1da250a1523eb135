"""An inventory: the model files of one installation, as far as somebody looked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from counterprompt.advice.hashes import FileHashes
from counterprompt.prompts.families import ModelFamily

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.advice.lora_training import LoraTraining

_ENDINGS = (".safetensors", ".ckpt", ".pt", ".pth", ".bin", ".gguf", ".sft")


class ResourceKind(Enum):
    """What a model file is for."""

    CHECKPOINT = "checkpoint"
    LORA = "LoRA"
    EMBEDDING = "embedding"
    VAE = "VAE"
    """Forge's modules (text encoders and VAEs) are of this kind too."""
    HYPERNETWORK = "hypernetwork"


@dataclass(frozen=True)
class InstalledFile:
    """One model file here."""

    kind: ResourceKind
    name: str
    """As prompts and fields call it here: the file's name without its ending, for a VAE with it."""
    aliases: tuple[str, ...] = ()
    """Other names that mean it: with its folder, or the one it was trained under."""
    hashes: FileHashes = field(default_factory=FileHashes)
    """What is known of them."""
    training: LoraTraining | None = None
    """For LoRAs with a readable header."""
    family: ModelFamily = ModelFamily.UNKNOWN
    """The family it is, or is for."""

    def is_called(self, name: str) -> bool:
        """Whether *name* means this file: case, folders, endings and the signs that infotexts drop aside."""
        wanted = fold_name(name)
        return bool(wanted) and wanted in {fold_name(own) for own in (self.name, *self.aliases)}


@dataclass(frozen=True)
class Inventory:
    """The model files of one installation."""

    files: tuple[InstalledFile, ...] = ()
    """Every file that was found."""
    kinds: frozenset[ResourceKind] = frozenset()
    """The kinds that were looked for: of another kind nothing is known."""
    source: str = ""
    """Where it comes from, for people."""
    in_use: str = ""
    """Name of the checkpoint that the installation has selected, "" where nobody knows."""

    def of_kind(self, kind: ResourceKind) -> tuple[InstalledFile, ...]:
        """Return the files of one kind."""
        return tuple(file for file in self.files if file.kind is kind)

    def called(self, kind: ResourceKind, name: str) -> InstalledFile | None:
        """Return the file of *kind* that *name* means: its own name first, an alias second."""
        found = [file for file in self.of_kind(kind) if file.is_called(name)]
        exact = (file for file in found if fold_name(file.name) == fold_name(name))
        return next(exact, found[0] if found else None)

    @property
    def family(self) -> ModelFamily:
        """Family of the checkpoint in use, or the one that all checkpoints here share, else UNKNOWN."""
        selected = self.called(ResourceKind.CHECKPOINT, self.in_use) if self.in_use else None
        if selected:
            return selected.family
        families = {file.family for file in self.of_kind(ResourceKind.CHECKPOINT)}
        return families.pop() if len(families) == 1 else ModelFamily.UNKNOWN


def selected_checkpoint(options: object, checkpoints: Callable[[], object]) -> str:
    """Name the checkpoint that a WebUI has selected; "" where nobody knows.

    reForge selects none until its user does, and notes the hash of the one that it loaded by itself.

    Args:
        options: the answer of the API's `options`.
        checkpoints: gets that of `sd-models`, asked only where it is needed.
    """
    known = options if isinstance(options, dict) else {}
    selected, digest = known.get("sd_model_checkpoint"), known.get("sd_checkpoint_hash")
    if selected and isinstance(selected, str):
        return selected
    listed = checkpoints() if digest and isinstance(digest, str) else None
    entries = (entry for entry in listed if isinstance(entry, dict)) if isinstance(listed, list) else ()
    return next((str(entry.get("title") or "") for entry in entries if entry.get("sha256") == digest), "")


def fold_name(name: str) -> str:
    """Fold a file's name as it may stand in an infotext: lower case without folder, ending, `[hash]`, ":" and ","."""
    text = name.strip().replace("\\", "/").rpartition("/")[2].casefold()
    if text.endswith("]"):
        text = text.rpartition("[")[0].strip()
    for ending in _ENDINGS:
        text = text.removesuffix(ending)
    return text.replace(":", "").replace(",", "").strip()
