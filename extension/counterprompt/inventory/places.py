"""Where WebUIs keep their model files, and finding them there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Final

from counterprompt.advice.inventory import ResourceKind
from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES: Final = 50_000
"""Model files that are listed; no installation comes near."""

_FOLDERS: Final = {
    "stable-diffusion": ResourceKind.CHECKPOINT,
    "checkpoints": ResourceKind.CHECKPOINT,
    "diffusion_models": ResourceKind.CHECKPOINT,
    "unet": ResourceKind.CHECKPOINT,
    "lora": ResourceKind.LORA,
    "loras": ResourceKind.LORA,
    "lycoris": ResourceKind.LORA,
    "embeddings": ResourceKind.EMBEDDING,
    "vae": ResourceKind.VAE,
    "text_encoder": ResourceKind.VAE,
    "hypernetworks": ResourceKind.HYPERNETWORK,
}
"""Name of a folder below `models` or beside it, in lower case: A1111, Forge, reForge, SD.Next, ComfyUI."""

_SAFETENSORS: Final = ".safetensors"
_ENDINGS: Final = {
    ResourceKind.CHECKPOINT: (_SAFETENSORS, ".ckpt", ".sft", ".gguf"),
    ResourceKind.LORA: (_SAFETENSORS, ".pt", ".ckpt"),
    ResourceKind.EMBEDDING: (_SAFETENSORS, ".pt", ".bin"),
    ResourceKind.VAE: (_SAFETENSORS, ".ckpt", ".pt", ".sft", ".gguf"),
    ResourceKind.HYPERNETWORK: (".pt",),
}


@dataclass(frozen=True)
class FoundFile:
    """One model file on disk."""

    kind: ResourceKind
    path: Path
    """Where it is."""
    relative: str
    """From the folder of its kind, with "/"."""
    size: int
    """Bytes."""
    mtime_ns: int
    """When it was last changed."""

    @property
    def name(self) -> str:
        """As the WebUI calls it: without ending, except for VAEs."""
        return self.path.name if self.kind is ResourceKind.VAE else self.path.stem

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names: A1111 joins the folders of a checkpoint with "_"."""
        stem = self.relative.removesuffix(self.path.suffix)
        return (stem.replace("/", "_"),) if self.kind is ResourceKind.CHECKPOINT and "/" in stem else ()

    @property
    def is_safetensors(self) -> bool:
        """Whether it should have a header."""
        return self.path.suffix.lower() in (_SAFETENSORS, ".sft")


def find_places(root: Path) -> list[tuple[ResourceKind, Path]]:
    """Find the folders of each kind below *root*, a WebUI's folder or its `models` folder.

    Raises:
        InvalidInputError: there is no such folder, or it holds none of them.
    """
    try:
        above = [folder for folder in (_upper(root), root, root / "models") if folder.is_dir()]
        children = sorted(child for folder in above for child in folder.iterdir() if child.is_dir())
    except OSError as error:
        raise InvalidInputError(f"The folder {root} cannot be read ({error}); check it.") from error
    children = list(dict.fromkeys(children))
    places = [(kind, child) for child in children if (kind := _FOLDERS.get(child.name.lower()))]
    if not places:
        raise InvalidInputError(
            f"There are no model folders in {root}; name a WebUI's folder, the one that holds models/Stable-diffusion."
        )
    return places


def _upper(root: Path) -> Path:
    """Return the WebUI's folder where *root* is its `models` folder: embeddings lie beside that."""
    return root.parent if root.name.lower() == "models" else root


def find_files(root: Path) -> list[FoundFile]:
    """List the model files below *root*, at most MOST_FILES, links followed once.

    Raises:
        InvalidInputError: as `find_places`.
    """
    found: dict[Path, FoundFile] = {}
    for kind, folder in find_places(root):
        for path in _walk(folder):
            file = _found(kind, path, folder)
            if file and len(found) < MOST_FILES:
                found.setdefault(path, file)
    return list(found.values())


def _walk(folder: Path) -> Iterator[Path]:
    visited: set[str] = set()
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        if real in visited:  # a link that leads back up
            folders.clear()
            continue
        visited.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(names))


def _found(kind: ResourceKind, path: Path, folder: Path) -> FoundFile | None:
    name = path.name.lower()
    if kind is ResourceKind.CHECKPOINT and path.stem.lower().endswith(".vae"):
        kind = ResourceKind.VAE
    if not name.endswith(_ENDINGS[kind]):
        return None
    try:
        stat = path.stat()
    except OSError:
        return None
    if not S_ISREG(stat.st_mode):
        return None
    return FoundFile(kind, path, path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns)
