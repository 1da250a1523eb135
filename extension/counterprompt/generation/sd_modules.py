"""Names of modules in an SD 1.x single-file checkpoint against those in diffusers.

The names on the file's side are those of CompVis' latent-diffusion modules; blocks are numbered through all levels
there and per level in diffusers, so the table is counted out from the geometry and holds for any widths and levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from counterprompt.generation.geometry import UnetGeometry, VaeGeometry


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
