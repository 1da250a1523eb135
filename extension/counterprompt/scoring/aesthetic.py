"""Aesthetic heads: an affine function of a CLIP embedding that says how much people liked pictures like this one.

Two layouts are read, both made for L2-normalised embeddings:

- LAION v1 (LAION-AI/aesthetic-predictor): ``weight`` (1, d) and ``bias`` (1,).
- LAION v2, the linear nets of christophschuhmann/improved-aesthetic-predictor: ``layers.{0,2,4,6,7}.weight`` and
  ``.bias``. Between these layers is nothing but dropout, so the chain folds exactly into one vector and one bias.

`.safetensors` is read as it is, `.pth` with ``weights_only=True``, which runs no code from the file. A head decides
what counts as good, so it is read only where its hash is a public head's (`known_heads`) or the caller vouches for it.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from counterprompt.errors import MissingModelError
from counterprompt.scoring.known_heads import head_of_hash, head_of_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from counterprompt.scoring.known_heads import KnownHead

_LARGEST_FILE: Final = 64 << 20
_LAYER = re.compile(r"layers\.(\d{1,3})\.weight")


@dataclass(frozen=True, eq=False)
class AestheticHead:
    """score = direction . embedding + bias."""

    name: str
    """File it came from, for reports."""
    direction: npt.NDArray[np.float64]
    """Shape (d,)."""
    bias: float
    """The score of an embedding at right angles to *direction*."""
    architecture: str = ""
    """The CLIP it was trained on, with OpenAI's weights, where that is known: "ViT-L-14"."""

    def score(self, embeddings: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Score unit vectors of shape (n, d): about 0 to 10 each, shape (n,)."""
        scores: npt.NDArray[np.float64] = embeddings.astype(np.float64) @ self.direction + self.bias
        return scores


def load_aesthetic_head(path: Path, *, is_trusted: bool = False) -> AestheticHead:
    """Read a head from a `.safetensors` or `.pth` file of either layout.

    Args:
        path: the file.
        is_trusted: whether a head that is none of the public ones is read too.

    Raises:
        MissingModelError: the file is missing, broken, of another layout (such as a net with activations), unknown
            without being trusted, or called like a public head without being it.
    """
    if not path.is_file():
        raise MissingModelError(f"There is no aesthetic head at {path}; download it or name another one.")
    if path.stat().st_size > _LARGEST_FILE:
        raise MissingModelError(f"{path} is larger than 64 MiB, so it is no aesthetic head; name another file.")
    content = path.read_bytes()
    known = _recognise(path, hashlib.sha256(content).hexdigest(), is_trusted)
    head = fold_head(_read_tensors(content, path), path)
    return replace(head, name=known.name, architecture=known.architecture) if known else head


def _recognise(path: Path, sha256: str, is_trusted: bool) -> KnownHead | None:
    """Return the public head that a file with this hash is, or None for a trusted other one."""
    known, namesake = head_of_hash(sha256), head_of_name(path.name)
    if known is None and namesake is not None:
        raise MissingModelError(
            f"{path} is called like {namesake.name}, but its SHA-256 begins with {sha256[:12]} instead of "
            f"{namesake.sha256[:12]}; download it again from {namesake.url}."
        )
    if known is None and not is_trusted:
        raise MissingModelError(
            f"{path} (SHA-256 {sha256[:12]}...) is no public aesthetic head; if you trust it, put it into the "
            "scorer's folder as aesthetic_head_NAME.safetensors, otherwise use LAION's."
        )
    return known


def fold_head(tensors: Mapping[str, npt.NDArray[np.float64]], path: Path) -> AestheticHead:
    """Fold the named *tensors* of a head into one vector and one bias, in float64.

    Raises:
        MissingModelError: they are no chain of affine layers that ends in one number.
    """
    layers = _affine_layers(tensors)
    if not layers:
        raise MissingModelError(f"{path} is no affine aesthetic head; use LAION's v1 or linear v2 file.")
    matrix, bias = layers[0]
    try:
        for weight, offset in layers[1:]:
            matrix, bias = weight @ matrix, weight @ bias + offset
    except ValueError as error:
        raise MissingModelError(
            f"The layers of the aesthetic head {path} do not fit each other; download it again."
        ) from error
    if matrix.ndim != 2 or matrix.shape[0] != 1 or bias.shape != (1,):
        raise MissingModelError(
            f"The aesthetic head {path} does not end in one number; use LAION's v1 or linear v2 file."
        )
    return AestheticHead(name=path.stem, direction=matrix[0], bias=float(bias[0]))


def _affine_layers(
    tensors: Mapping[str, npt.NDArray[np.float64]],
) -> list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    if set(tensors) == {"weight", "bias"}:
        return [(tensors["weight"], tensors["bias"])]
    numbers = sorted(int(match[1]) for name in tensors if (match := _LAYER.fullmatch(name)))
    # The net with activations numbers its layers 0, 3, 6, 9, 11: only this sequence is known to be affine.
    if numbers != [0, 2, 4, 6, 7] or any(f"layers.{number}.bias" not in tensors for number in numbers):
        return []
    return [(tensors[f"layers.{number}.weight"], tensors[f"layers.{number}.bias"]) for number in numbers]


def _read_tensors(data: bytes, path: Path) -> dict[str, npt.NDArray[np.float64]]:
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        if path.suffix == ".safetensors":
            content: Any = load(data)
        else:
            content = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
        return {name: tensor.double().numpy() for name, tensor in content.items()}
    except (
        OSError,
        SafetensorError,
        RuntimeError,
        pickle.UnpicklingError,
        EOFError,
        ValueError,
        AttributeError,
    ) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise MissingModelError(
            f"The aesthetic head {path} cannot be read as plain weights ({reason}); convert it to safetensors."
        ) from error
