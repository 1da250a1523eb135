"""Tensor names of an SD 1.x single-file checkpoint against those of diffusers and transformers, both ways.

The names on the file's side begin with those of CompVis' latent-diffusion models (`model.diffusion_model.`,
`first_stage_model.`, `cond_stage_model.transformer.`); `sd_modules` says what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.generation.sd_modules import renamed_key, unet_modules, vae_modules

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

    from counterprompt.generation.geometry import Geometry

UNET_PREFIX = "model.diffusion_model."
VAE_PREFIX = "first_stage_model."
TEXT_PREFIX = "cond_stage_model.transformer."


@dataclass(frozen=True)
class ModelStates:
    """The tensors of one checkpoint, named as diffusers and transformers name them."""

    unet: dict[str, Tensor]
    """For UNet2DConditionModel."""
    vae: dict[str, Tensor]
    """For AutoencoderKL; may lack the encoder."""
    text: dict[str, Tensor]
    """For CLIPTextModel, every name beginning with "text_model."."""


def from_single_file(state: Mapping[str, Tensor], geometry: Geometry) -> ModelStates:
    """Split a checkpoint's tensors into the three models and rename them.

    Tensors of other parts (noise schedule, EMA copy) are left out.

    Raises:
        InvalidInputError: a tensor has no place in *geometry*.
    """
    unet = _renamed(_under(state, UNET_PREFIX), dict(unet_modules(geometry.unet)))
    vae = _renamed(_under(state, VAE_PREFIX), dict(vae_modules(geometry.vae)))
    text = {f"text_model.{_bare(key)}": value for key, value in _under(state, TEXT_PREFIX).items()}
    text.pop("text_model.embeddings.position_ids", None)
    return ModelStates(unet, {key: _as_linear(key, value) for key, value in vae.items()}, text)


def to_single_file(
    unet_state: Mapping[str, Tensor],
    vae_state: Mapping[str, Tensor],
    text_state: Mapping[str, Tensor],
    geometry: Geometry,
) -> dict[str, Tensor]:
    """Join and rename three models' tensors into one SD 1.x-layout checkpoint, the inverse of `from_single_file`.

    Args:
        unet_state: state dict of a UNet2DConditionModel.
        vae_state: state dict of an AutoencoderKL.
        text_state: state dict of a CLIPTextModel, with or without the "text_model." that transformers 5 dropped.
        geometry: as `geometry_of` derives it.

    Raises:
        InvalidInputError: a tensor has no place in *geometry*.
    """
    import torch

    unet = _renamed(unet_state, {ours: theirs for theirs, ours in unet_modules(geometry.unet)})
    vae = _renamed(vae_state, {ours: theirs for theirs, ours in vae_modules(geometry.vae)})
    text = {_bare(key): value for key, value in text_state.items()}
    positions = text["embeddings.position_embedding.weight"].shape[0]
    text["embeddings.position_ids"] = torch.arange(positions).unsqueeze(0)
    joined = {UNET_PREFIX + key: value for key, value in unet.items()}
    joined.update({VAE_PREFIX + key: _as_convolution(key, value) for key, value in vae.items()})
    joined.update({f"{TEXT_PREFIX}text_model.{key}": value for key, value in text.items()})
    return {key: value.detach().cpu().contiguous() for key, value in joined.items()}


def write_single_file(path: Path, state: Mapping[str, Tensor], geometry: Geometry, *, half: bool = True) -> None:
    """Write *state* to *path* and the `.yaml` of *geometry* beside it, as AUTOMATIC1111 loads them.

    Args:
        path: ends in ".safetensors".
        state: what `to_single_file` returns.
        geometry: its *version* should be an absolute folder.
        half: store floating-point tensors as float16.
    """
    from safetensors.torch import save_file

    from counterprompt.generation.layout_yaml import render_yaml

    stored = {key: value.half() if half and value.is_floating_point() else value for key, value in state.items()}
    save_file(stored, str(path), metadata={"format": "pt"})
    path.with_suffix(".yaml").write_text(render_yaml(geometry), encoding="utf-8")


def _under(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key[len(prefix) :]: value for key, value in state.items() if key.startswith(prefix)}


def _renamed(state: Mapping[str, Tensor], modules: Mapping[str, str]) -> dict[str, Tensor]:
    return {renamed_key(key, modules): value for key, value in state.items()}


def _bare(key: str) -> str:
    return key[len("text_model.") :] if key.startswith("text_model.") else key


def _as_linear(key: str, value: Tensor) -> Tensor:
    """(out, in, 1, 1) -> (out, in) for the autoencoder's attention, which is linear in diffusers."""
    is_projection = ".attentions.0." in key and value.ndim == 4
    return value[:, :, 0, 0] if is_projection else value


def _as_convolution(key: str, value: Tensor) -> Tensor:
    """(out, in) -> (out, in, 1, 1), the inverse of `_as_linear`."""
    return value[:, :, None, None] if ".attn_1." in key and value.ndim == 2 else value
