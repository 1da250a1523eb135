"""Loads CLIP architectures that open_clip knows by name, such as ViT-L-14 with OpenAI's weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from counterprompt.errors import MissingModelError
from counterprompt.scoring.clip_folder import LoadedClip, describe_clip, load_weights


def load_named_clip(
    architecture: str = "ViT-L-14",
    weights: str | Path = "openai",
    *,
    device: str = "cpu",
    quick_gelu: bool | None = None,
) -> LoadedClip:
    """Load a CLIP through open_clip's own factory.

    Args:
        architecture: a name open_clip lists, such as "ViT-L-14" or "ViT-H-14".
        weights: a pretrained tag of that architecture (downloaded by open_clip where it is not cached) or a local
            safetensors file.
        device: "cpu", "cuda" or "cuda:N".
        quick_gelu: whether the weights were trained with QuickGELU, as all of OpenAI's were. None decides by the word
            "openai" in *weights*. open_clip 2.30 and later build plain GELU for the tag "openai" unless told, and the
            scores are then wrong without any error.

    Raises:
        MissingModelError: name, tag or file is unknown, broken, or cannot be downloaded.
    """
    path = Path(weights)
    is_local = path.suffix == ".safetensors" or path.is_file()
    label = path.name if is_local else str(weights)
    is_quick = "openai" in label.lower() if quick_gelu is None else quick_gelu
    if is_local:
        if not path.is_file():
            raise MissingModelError(f"There are no CLIP weights at {path}; give a pretrained tag or an existing file.")
        network = _create(architecture, None, is_quick)
        load_weights(network, path)
    else:
        network = _create(architecture, label, is_quick)
    preprocess_cfg = {
        "mean": getattr(network.visual, "image_mean", None),
        "std": getattr(network.visual, "image_std", None),
    }
    return describe_clip(network, f"{architecture} ({label})", device, preprocess_cfg)


def _create(architecture: str, tag: str | None, quick_gelu: bool) -> Any:
    import open_clip

    if architecture not in open_clip.list_models():
        raise MissingModelError(f'open_clip knows no architecture "{architecture}"; "ViT-L-14" is the usual one.')
    try:
        return open_clip.create_model(architecture, pretrained=tag, force_quick_gelu=quick_gelu)
    except Exception as error:  # the downloaders raise a dozen unrelated classes
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise MissingModelError(
            f'The CLIP weights "{tag}" of {architecture} could not be loaded ({reason}); '
            "check the network or name a local safetensors file."
        ) from error
