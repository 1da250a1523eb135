"""Puts the shipped weights together as the files that generators, taggers and scorers read.

Shipped are only the token embeddings that training moved; here the tables are made whole, in the user's cache::

    miniature.safetensors, miniature.yaml   SD 1.x layout; the yaml names the tokenizer folder absolutely, for A1111
    tokenizer/                              CLIP's vocabulary
    loras/                                  LoRAs in kohya's format
    clip/, tagger/                          model folders as `scoring` and `tagging` describe them
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterprompt.miniature.assets import LORA_NAMES, WEIGHTS, require
from counterprompt.miniature.vocabulary import full_table

if TYPE_CHECKING:
    from torch import Tensor

TOKENS_KEY: Final = "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight"
CLIP_TOKENS_KEY: Final = "token_embedding.weight"
IDS_SUFFIX: Final = ".ids"
TOKENIZER_PLACE: Final = "@TOKENIZER@"
"""Stands in the shipped yaml where the tokenizer folder's absolute path goes."""

CHECKPOINT_NAME: Final = "miniature.safetensors"
_CLIP_NAME: Final = "clip/open_clip_model.safetensors"
_COPIED: Final = (
    *(f"loras/{name}.safetensors" for name in LORA_NAMES),
    *(f"tagger/{name}" for name in ("model.onnx", "selected_tags.csv", "thresholds.json")),
    *(f"clip/{name}" for name in ("open_clip_config.json", "probes.json", "aesthetic_head.safetensors")),
)


def assembled_folder(root: Path | None = None) -> Path:
    """Return the folder with the whole miniature, making it first where it is missing (some seconds, about 45 MB).

    Args:
        root: where such folders go; the user's cache by default.

    Raises:
        MissingModelError: a shipped file is missing.
    """
    place = (root or default_root()) / f"miniature-{_digest()}"
    if not (place / CHECKPOINT_NAME).is_file():
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=place.parent, prefix="partial-"))
        try:
            _assemble(partial, place)
            _publish(partial, place)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return place


def default_root() -> Path:
    """Return COUNTERPROMPT_CACHE, else the folder counterprompt in XDG_CACHE_HOME, else in ~/.cache."""
    named = os.environ.get("COUNTERPROMPT_CACHE")
    if named:
        return Path(named).resolve()
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache").resolve() / "counterprompt"


def _publish(partial: Path, place: Path) -> None:
    """Rename in one step, so that a reader never meets half a folder; whoever was faster wins."""
    try:
        partial.replace(place)
    except OSError:
        if not (place / CHECKPOINT_NAME).is_file():
            raise


def _assemble(folder: Path, final: Path) -> None:
    from counterprompt.generation.clip_vocabulary import write_clip_tokenizer

    write_clip_tokenizer(folder / "tokenizer")
    shutil.copyfile(require(WEIGHTS / "text_config.json"), folder / "tokenizer" / "config.json")
    yaml = require(WEIGHTS / "checkpoint.yaml").read_text(encoding="utf-8")
    yaml = yaml.replace(TOKENIZER_PLACE, (final / "tokenizer").as_posix())
    (folder / "miniature.yaml").write_text(yaml, encoding="utf-8")
    _complete(WEIGHTS / "checkpoint.safetensors", TOKENS_KEY, folder / CHECKPOINT_NAME)
    for name in _COPIED:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(require(WEIGHTS / name), folder / name)
    _complete(WEIGHTS / _CLIP_NAME, CLIP_TOKENS_KEY, folder / _CLIP_NAME)


def _complete(shipped: Path, key: str, target: Path) -> None:
    """Copy a safetensors file, turning trained token rows into the whole table."""
    import torch
    from safetensors.torch import load_file, save_file

    tensors: dict[str, Tensor] = load_file(require(shipped))
    ids = tensors.pop(key + IDS_SUFFIX).numpy()
    tensors[key] = torch.from_numpy(full_table(ids, tensors[key].numpy())).half()
    save_file(tensors, str(target), metadata={"format": "pt"})


def _digest() -> str:
    """Name the shipped weights by their sizes and first bytes' hash, so that an update never reads an old folder."""
    digest = hashlib.sha256()
    for path in sorted(WEIGHTS.rglob("*")):
        if path.is_file():
            digest.update(json.dumps([path.relative_to(WEIGHTS).as_posix(), path.stat().st_size]).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
