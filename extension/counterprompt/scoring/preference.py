"""Preference models: CLIPs that were trained on which of two generated pictures people chose for a prompt.

They see what a negative prompt does far better than an aesthetic head, and they keep rising with the CFG scale through
visible damage, so they are a further component, never the only one. Their scores compare pictures of one prompt only.

- HPSv2.1 (tgxs002/HPSv2, weights xswu/HPSv2): open_clip's ViT-H-14, the picture padded to a square; 100 * cosine.
- PickScore (yuvalkirstain/PickScore_v1): a transformers CLIPModel of the same size, centre crop; logit scale * cosine.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from counterprompt.errors import MissingModelError
from counterprompt.prompts.plain import plain_text
from counterprompt.scoring.clip_folder import describe_clip
from counterprompt.scoring.clip_registry import build_around
from counterprompt.scoring.embedder import ClipEmbedder
from counterprompt.scoring.hf_clip import to_open_clip
from counterprompt.scoring.views import crop_view, padded_view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from PIL import Image

    from counterprompt.scoring.preference_kinds import PreferenceKind

_NO_PROMPT: Final = "a picture"
"""What pictures are held against where there is no prompt; an empty text means nothing to these models."""


class PreferenceModel:
    """Says how much people would like pictures for a prompt.

    Args:
        name: what it is, for reports.
        embedder: its CLIP.
        scale: what the cosine is multiplied with, above 0; None takes the CLIP's own logit scale.
    """

    def __init__(self, name: str, embedder: ClipEmbedder, scale: float | None = None) -> None:
        self.name = name
        self.embedder = embedder
        self._scale = embedder.logit_scale if scale is None else scale

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[float]:
        """Score each picture against *prompt*, whose prompt syntax is stripped: about 15 to 35, higher is better."""
        text = plain_text(prompt).strip() or _NO_PROMPT
        cosines = self.embedder.embed_pictures(images).astype(np.float64) @ self.embedder.embed_texts([text])[0]
        return [float(score) for score in self._scale * np.clip(cosines, -1.0, 1.0)]


def load_preference(
    kind: PreferenceKind, path: Path, *, device: str = "cpu", batch_size: int = 8, precision: str = ""
) -> PreferenceModel:
    """Load the weights of *kind* from *path*; it takes some 4 GB of memory, 1.3 GB of a card while it scores.

    For *device* and *precision* see `guest.Guest`; in 32 bits it takes twice as much of the card.

    Raises:
        MissingModelError: the file is missing, broken or belongs to another model.
    """
    if not path.is_file():
        raise MissingModelError(f"There are no weights of {kind.name} at {path}; download them from the hub.")
    # The weights are given on at once: whoever held them here would keep their 16 bits beside the 32.
    network = build_around(kind.architecture, _read_named(kind, path), path)
    clip = describe_clip(network, kind.name, device, {})
    view = padded_view if kind.is_padded else crop_view
    return PreferenceModel(kind.name, ClipEmbedder(clip, batch_size, view, precision=precision), kind.scale)


def _read_named(kind: PreferenceKind, path: Path) -> Mapping[str, Any]:
    weights = _read_weights(path)
    return to_open_clip(weights, path) if kind.is_transformers else weights


def _read_weights(path: Path) -> Mapping[str, Any]:
    """Read safetensors, or a .pt file without running code from it; training files keep theirs in "state_dict"."""
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        if path.suffix == ".safetensors":
            content: Any = load_file(str(path))
        else:
            content = torch.load(str(path), map_location="cpu", weights_only=True)
    except (OSError, SafetensorError, RuntimeError, pickle.UnpicklingError, EOFError, ValueError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise MissingModelError(f"The weights {path} cannot be read ({reason}); download them again.") from error
    weights = content.get("state_dict", content) if isinstance(content, dict) else None
    if not isinstance(weights, dict) or not all(isinstance(each, torch.Tensor) for each in weights.values()):
        raise MissingModelError(f"{path} holds no named weights; download it again.")
    return weights
