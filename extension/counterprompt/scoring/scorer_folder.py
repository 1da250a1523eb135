"""What lies in a scorer's folder: its aesthetic heads, and the CLIP that they read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.errors import MissingModelError
from counterprompt.scoring.aesthetic import load_aesthetic_head
from counterprompt.scoring.clip_folder import CONFIG_NAME, load_clip_folder
from counterprompt.scoring.clip_registry import OPENAI_ARCHIVES, load_named_clip
from counterprompt.scoring.known_heads import KNOWN_HEADS, KNOWN_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counterprompt.scoring.aesthetic import AestheticHead
    from counterprompt.scoring.clip_folder import LoadedClip

_ENDINGS: Final = frozenset({".safetensors", ".pth"})
_USUAL: Final = KNOWN_HEADS[0]


def load_heads(folder: Path) -> list[AestheticHead]:
    """Load the heads in *folder*: files called "aesthetic_head*", which their name vouches for, and the public ones.

    Raises:
        MissingModelError: there is none, one is broken, or they belong to different CLIPs.
    """
    own = [path for path in folder.glob("aesthetic_head*") if path.suffix in _ENDINGS]
    paths = sorted([*own, *(folder / name for name in KNOWN_NAMES if (folder / name).is_file())])
    if not paths:
        raise MissingModelError(
            f"{folder} holds no aesthetic_head.safetensors; put an aesthetic head of this CLIP there, or "
            f"{_USUAL.file_name} from {_USUAL.url}."
        )
    heads = [load_aesthetic_head(path, is_trusted=path.name not in KNOWN_NAMES) for path in paths]
    refuse_strangers(heads, architecture_of(heads))
    return heads


def architecture_of(heads: Sequence[AestheticHead]) -> str:
    """Return the CLIP that the *heads* were trained on, "" where none of them tells."""
    return next((head.architecture for head in heads if head.architecture), "")


def refuse_strangers(heads: Sequence[AestheticHead], architecture: str) -> None:
    """Refuse public heads of another CLIP than *architecture* ("" for any), which may well be as wide.

    Raises:
        MissingModelError: there is one.
    """
    for head in heads:
        if head.architecture and architecture and head.architecture != architecture:
            raise MissingModelError(
                f"{head.name} was trained on {head.architecture}, not on {architecture}; remove it."
            )


def load_clip_of(folder: Path, architecture: str, device: str = "cpu") -> LoadedClip:
    """Load the CLIP that *folder* describes or holds as OpenAI's archive, else OpenAI's *architecture* by its name.

    Raises:
        MissingModelError: it is missing or broken, or cannot be downloaded.
    """
    archives = [name for name in OPENAI_ARCHIVES if (folder / name).is_file()]
    if (folder / CONFIG_NAME).is_file() or not (archives or architecture):
        return load_clip_folder(folder, device)
    if archives:
        return load_named_clip(OPENAI_ARCHIVES[archives[0]][0], folder / archives[0], device=device)
    return load_named_clip(architecture, "openai", device=device)
