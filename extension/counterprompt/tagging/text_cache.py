"""Embeddings of a term list's texts, kept on disk: a large CLIP takes a minute for some hundred texts."""

from __future__ import annotations

import hashlib
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import numpy as np

from counterprompt.whole_files import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

_SAME_DIRECTION: Final = 0.9999
"""Cosine from which two embeddings of one text count as those of one model; devices differ by less."""


def embed_cached(texts: Sequence[str], embed: Embed, folder: Path | None) -> npt.NDArray[np.float32]:
    """Return what *embed* gives for *texts*: from *folder*, if it was kept there and is this model's; else computed.

    One text is embedded in any case: where the kept embedding of it differs, the file is another model's, whatever it
    and the model are called.

    Args:
        texts: at least one.
        embed: gives unit vectors of shape (n, d).
        folder: where embeddings are kept; None computes them every time. A folder that cannot be written to is no
            fault.

    Returns:
        Unit vectors, shape (n, d).
    """
    if folder is None:
        return embed(texts)
    probe = embed(texts[:1])[0]
    digest = hashlib.sha256("\0".join([str(len(probe)), *texts]).encode()).hexdigest()[:16]
    fingerprint = hashlib.sha256(np.round(probe, 2).tobytes()).hexdigest()[:8]
    path = folder / f"terms-{digest}-{fingerprint}.npz"
    kept = _load(path, (len(texts), len(probe)))
    if kept is not None and float(kept[0] @ probe) >= _SAME_DIRECTION:
        return kept
    embedded = embed(texts)
    _save(path, embedded)
    return embedded


def _load(path: Path, shape: tuple[int, int]) -> npt.NDArray[np.float32] | None:
    try:
        with np.load(path, allow_pickle=False) as content:
            embedded = content["embeddings"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    is_whole = embedded.shape == shape and embedded.dtype == np.float32 and bool(np.isfinite(embedded).all())
    return embedded if is_whole else None


def _save(path: Path, embedded: npt.NDArray[np.float32]) -> None:
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as aside, aside.open("wb") as stream:
            np.savez(stream, embeddings=embedded)
