"""Tensor names of an SD 1.x single-file checkpoint against those of diffusers and transformers, both ways.

The names on the file's side are those of CompVis' latent-diffusion modules (`model.diffusion_model.`,
`first_stage_model.`, `cond_stage_model.transformer.`); blocks are numbered through all levels there and per level in
diffusers, so the table is counted out from the geometry and holds for any widths and levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from torch import Tensor

    from counterprompt.generation.geometry import Geometry, UnetGeometry, VaeGeometry

UNET_PREFIX = "model.diffusion_model."
VAE_PREFIX = "first_stage_model."
TEXT_PREFIX = "cond_stage_model.transformer."

UNET_RESNET = {
    "in_layers.0": "norm1",
    "in_layers.2": "conv1",
    "emb_layers.1": "time_emb_proj",
    "out_layers.0": "norm2",
    "out_layers.3": "conv2",
    "skip_connection": "conv_shortcut",
}
UNET_ENDS = {
    "time_embed.0": "time_embedding.linear_1",
    "time_embed.2": "time_embedding.linear_2",
    "input_blocks.0.0": "conv_in",
    "out.0": "conv_norm_out",
    "out.2": "conv_out",
}
VAE_RESNET = {
    "norm1": "norm1",
    "conv1": "conv1",
    "norm2": "norm2",
    "conv2": "conv2",
    "nin_shortcut": "conv_shortcut",
}
VAE_ATTENTION = {"norm": "group_norm", "q": "to_q", "k": "to_k", "v": "to_v", "proj_out": "to_out.0"}


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


def unet_modules(unet: UnetGeometry) -> Iterator[tuple[str, str]]:
    """Yield (name in the file, name in diffusers) of every module of the UNet; attention keeps its inner names."""
    yield from UNET_ENDS.items()
    yield from _down_modules(unet)
    yield "middle_block.1", "mid_block.attentions.0"
    yield from _resnet("middle_block.0", "mid_block.resnets.0", UNET_RESNET)
    yield from _resnet("middle_block.2", "mid_block.resnets.1", UNET_RESNET)
    yield from _up_modules(unet)


def vae_modules(vae: VaeGeometry) -> Iterator[tuple[str, str]]:
    """Yield (name in the file, name in diffusers) of every module of the autoencoder."""
    last = len(vae.ch_mult) - 1
    yield from ((name, name) for name in ("quant_conv", "post_quant_conv"))
    for side in ("encoder", "decoder"):
        yield from ((f"{side}.{name}", f"{side}.{name}") for name in ("conv_in", "conv_out"))
        yield f"{side}.norm_out", f"{side}.conv_norm_out"
        yield from _resnet(f"{side}.mid.block_1", f"{side}.mid_block.resnets.0", VAE_RESNET)
        yield from _resnet(f"{side}.mid.block_2", f"{side}.mid_block.resnets.1", VAE_RESNET)
        yield from _resnet(f"{side}.mid.attn_1", f"{side}.mid_block.attentions.0", VAE_ATTENTION)
    for level in range(last + 1):
        # the file counts the decoder's levels from the finest, diffusers from the coarsest
        down, up = f"encoder.down_blocks.{level}", f"decoder.up_blocks.{last - level}"
        for block in range(vae.num_res_blocks):
            yield from _resnet(f"encoder.down.{level}.block.{block}", f"{down}.resnets.{block}", VAE_RESNET)
        for block in range(vae.num_res_blocks + 1):
            yield from _resnet(f"decoder.up.{level}.block.{block}", f"{up}.resnets.{block}", VAE_RESNET)
        yield f"encoder.down.{level}.downsample.conv", f"{down}.downsamplers.0.conv"
        yield f"decoder.up.{level}.upsample.conv", f"{up}.upsamplers.0.conv"


def _down_modules(unet: UnetGeometry) -> Iterator[tuple[str, str]]:
    index = 1
    last = len(unet.channel_mult) - 1
    for level, blocks in enumerate(unet.num_res_blocks):
        for block in range(blocks):
            yield from _resnet(f"input_blocks.{index}.0", f"down_blocks.{level}.resnets.{block}", UNET_RESNET)
            if unet.attends(level):
                yield f"input_blocks.{index}.1", f"down_blocks.{level}.attentions.{block}"
            index += 1
        if level < last:
            yield f"input_blocks.{index}.0.op", f"down_blocks.{level}.downsamplers.0.conv"
            index += 1


def _up_modules(unet: UnetGeometry) -> Iterator[tuple[str, str]]:
    index = 0
    last = len(unet.channel_mult) - 1
    for level in range(last, -1, -1):
        up = f"up_blocks.{last - level}"
        for block in range(unet.num_res_blocks[level] + 1):
            yield from _resnet(f"output_blocks.{index}.0", f"{up}.resnets.{block}", UNET_RESNET)
            if unet.attends(level):
                yield f"output_blocks.{index}.1", f"{up}.attentions.{block}"
            index += 1
        if level > 0:
            place = 2 if unet.attends(level) else 1
            yield f"output_blocks.{index - 1}.{place}.conv", f"{up}.upsamplers.0.conv"


def _resnet(theirs: str, ours: str, parts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for part, renamed in parts.items():
        yield f"{theirs}.{part}", f"{ours}.{renamed}"


def _under(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key[len(prefix) :]: value for key, value in state.items() if key.startswith(prefix)}


def _renamed(state: Mapping[str, Tensor], modules: Mapping[str, str]) -> dict[str, Tensor]:
    return {renamed_key(key, modules): value for key, value in state.items()}


def renamed_key(key: str, modules: Mapping[str, str]) -> str:
    """Replace the longest module name that *key*, a tensor's name, begins with.

    Raises:
        InvalidInputError: it begins with none of *modules*.
    """
    end = key.rfind(".")
    while end > 0:
        if key[:end] in modules:
            return modules[key[:end]] + key[end:]
        end = key.rfind(".", 0, end)
    raise InvalidInputError(
        f'Tensor "{key[:200]}" has no place in this checkpoint\'s geometry; check the .yaml beside the checkpoint.'
    )


def _bare(key: str) -> str:
    return key[len("text_model.") :] if key.startswith("text_model.") else key


def _as_linear(key: str, value: Tensor) -> Tensor:
    """(out, in, 1, 1) -> (out, in) for the autoencoder's attention, which is linear in diffusers."""
    is_projection = ".attentions.0." in key and value.ndim == 4
    return value[:, :, 0, 0] if is_projection else value


def _as_convolution(key: str, value: Tensor) -> Tensor:
    """(out, in) -> (out, in, 1, 1), the inverse of `_as_linear`."""
    return value[:, :, None, None] if ".attn_1." in key and value.ndim == 2 else value
