"""Loads CLIP weights that lie in a local folder, in the format open_clip publishes models in.

Folder layout (the same for the miniature and for folders downloaded from the Hugging Face hub)::

    open_clip_config.json        {"model_cfg": {"embed_dim": ..., "vision_cfg": {...}, "text_cfg": {...}},
                                  "preprocess_cfg": {"mean": [r, g, b], "std": [r, g, b]}}
    open_clip_model.safetensors  state dict of open_clip.model.CLIP with that model_cfg, any float type (fp16 is
                                 read as fp32); "open_clip_pytorch_model.safetensors" is accepted as well
    aesthetic_head.safetensors   see `aesthetic`; several "aesthetic_head*" files are averaged
    probes.json                  see `probe_table`; its built-in table is used where the file is missing

A folder is readable everywhere while *model_cfg* uses only keys that open_clip 2.20 knows: embed_dim, quick_gelu; in
vision_cfg layers, width, head_width, mlp_ratio, patch_size, image_size; in text_cfg context_length, vocab_size, width,
heads, layers. The text tower reads CLIP's own BPE tokens (vocab_size 49408). "local-dir:" names exist in new open_clip
only, so the model is built here from its parts, which every version since 2.20 has.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import MissingModelError
from counterprompt.scoring.activation import is_quick_by_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONFIG_NAME: Final = "open_clip_config.json"
WEIGHT_NAMES: Final = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors")
OPENAI_MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
"""Mean of each channel that OpenAI's CLIP was trained with, of pixels in 0 to 1."""
OPENAI_STD: Final = (0.26862954, 0.26130258, 0.27577711)
"""Standard deviation of each channel that OpenAI's CLIP was trained with, of pixels in 0 to 1."""
_JSON_LIMIT: Final = 1 << 20


@dataclass(frozen=True)
class LoadedClip:
    """A CLIP with its weights, and what one must know to feed it."""

    name: str
    """What it is and which weights it uses, for reports."""
    network: Any
    """The open_clip module in evaluation mode."""
    image_size: int
    """Edge of the square picture it takes, in pixels."""
    mean: tuple[float, float, float]
    """Subtracted from each channel, pixels in 0 to 1."""
    std: tuple[float, float, float]
    """Each channel is divided by it afterwards."""
    context_length: int
    """Tokens it takes at once, start and end token included."""
    device: str
    """Where pictures shall go through it: "cpu", "cuda", "cuda:1". The weights lie on the processor (see `guest`)."""


def load_clip_folder(folder: Path, device: str = "cpu") -> LoadedClip:
    """Load the CLIP of *folder* (layout: see the module), to work on *device*.

    Raises:
        MissingModelError: a file is missing, broken, or does not fit the installed open_clip.
    """
    config = read_json_object(folder / CONFIG_NAME)
    model_cfg = config.get("model_cfg")
    if not isinstance(model_cfg, dict):
        raise MissingModelError(
            f'{folder / CONFIG_NAME} has no "model_cfg" object; download or export the model again.'
        )
    network = _build_network(model_cfg, folder)
    load_weights(network, _find_weights(folder))
    preprocess_cfg = config.get("preprocess_cfg")
    return describe_clip(network, folder.name, device, preprocess_cfg if isinstance(preprocess_cfg, dict) else {})


def load_weights(network: Any, path: Path) -> None:
    """Copy the weights of a safetensors file into *network*; every key must fit.

    Raises:
        MissingModelError: the file is broken or belongs to another architecture.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        weights = load_file(str(path))
    except (OSError, SafetensorError) as error:
        raise MissingModelError(
            f"The weights {path} cannot be read ({error}); download or export them again."
        ) from error
    fit_weights(network, weights, path)


def fit_weights(network: Any, weights: Mapping[str, Any], path: Path, *, is_copied: bool = True) -> None:
    """Copy named tensors, which come from *path*, into *network*, or put themselves there; every key must fit.

    Raises:
        MissingModelError: they belong to another architecture.
    """
    try:
        network.load_state_dict(weights, assign=not is_copied)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise MissingModelError(f"The weights {path} do not fit their CLIP architecture: {reason}") from error


def describe_clip(network: Any, name: str, device: str, preprocess_cfg: Mapping[str, Any]) -> LoadedClip:
    """Make *network* ready for reading only; *preprocess_cfg* may hold "mean" and "std", three numbers each.

    Raises:
        MissingModelError: what it holds are no such numbers, or a "std" is not above 0.
    """
    size = network.visual.image_size
    mean = _three_floats(preprocess_cfg.get("mean"), OPENAI_MEAN)
    std = _three_floats(preprocess_cfg.get("std"), OPENAI_STD)
    if not (all(map(math.isfinite, (*mean, *std))) and min(std) > 0):
        raise MissingModelError(
            f'The CLIP {name} wants "mean" {list(mean)} and "std" {list(std)}, which are not three numbers each, the '
            "latter above 0; correct them."
        )
    return LoadedClip(
        name=name,
        network=network.float().eval().requires_grad_(False),
        image_size=int(size[0] if isinstance(size, (tuple, list)) else size),
        mean=mean,
        std=std,
        context_length=int(network.context_length),
        device=device,
    )


def read_json_object(path: Path) -> dict[str, Any]:
    """Read a JSON object of at most 1 MiB.

    Raises:
        MissingModelError: it is missing, too large, or not a JSON object.
    """
    try:
        if path.stat().st_size > _JSON_LIMIT:
            raise MissingModelError(
                f"{path} is larger than 1 MiB, so it is no model description; put the right file there."
            )
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MissingModelError(f"{path} cannot be read; the model folder is incomplete, download it again.") from error
    except (ValueError, RecursionError) as error:
        raise MissingModelError(f"{path} is not valid JSON ({error}); download it again.") from error
    if not isinstance(content, dict):
        raise MissingModelError(f"{path} does not hold a JSON object; download it again.")
    return content


def _build_network(model_cfg: Mapping[str, Any], folder: Path) -> Any:
    import open_clip.model

    arguments = {key: value for key, value in model_cfg.items() if key != "custom_text"}
    if "quick_gelu" not in model_cfg and is_quick_by_name(folder):
        arguments["quick_gelu"] = True
    text_cfg = model_cfg.get("text_cfg")
    if isinstance(text_cfg, dict) and (text_cfg.get("hf_tokenizer_name") or text_cfg.get("hf_model_name")):
        raise MissingModelError(f"The CLIP in {folder} does not use CLIP's own tokenizer; choose one that does.")
    build = open_clip.model.CustomTextCLIP if model_cfg.get("custom_text") else open_clip.model.CLIP
    try:
        return build(**arguments)
    except (TypeError, ValueError, AttributeError, AssertionError, RuntimeError, ZeroDivisionError) as error:
        raise MissingModelError(
            f"The installed open_clip cannot build the model that {folder / CONFIG_NAME} describes ({error}); "
            "update open_clip or choose another model."
        ) from error


def _find_weights(folder: Path) -> Path:
    for name in WEIGHT_NAMES:
        if (folder / name).is_file():
            return folder / name
    raise MissingModelError(f"{folder} holds no {WEIGHT_NAMES[0]}; download or export the model again.")


def _three_floats(value: Any, default: tuple[float, float, float]) -> tuple[float, float, float]:
    if not isinstance(value, (tuple, list)) or len(value) != 3:
        return default
    red, green, blue = (float(part) if isinstance(part, (int, float)) else math.nan for part in value)
    return red, green, blue
