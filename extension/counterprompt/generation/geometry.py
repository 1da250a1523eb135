"""The shape of an SD 1.x-layout checkpoint: widths, levels and noise schedule, and what diffusers calls them.

Field names are those of the `.yaml` that lies beside such a checkpoint; see `layout_yaml` for reading and writing it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class UnetGeometry:
    """Widths and levels of the noise predictor; the defaults are those of Stable Diffusion 1.x."""

    model_channels: int = 320
    """Width of the first level, a multiple of 32."""
    channel_mult: tuple[int, ...] = (1, 2, 4, 4)
    """Width of each level as a multiple of *model_channels*, finest level first."""
    num_res_blocks: tuple[int, ...] = (2, 2, 2, 2)
    """Residual blocks of each level on the way down; there is one more on the way up."""
    attention_resolutions: tuple[int, ...] = (4, 2, 1)
    """Downsampling factors (1, 2, 4, ...) whose level attends to the text."""
    context_dim: int = 768
    """Width of the text encoding."""
    num_heads: int | None = 8
    """Attention heads at every level, or None where *num_head_channels* rules."""
    num_head_channels: int | None = None
    """Channels of one attention head, or None where *num_heads* rules."""
    transformer_depth: int = 1
    """Transformer blocks in one attention module."""
    use_linear_in_transformer: bool = False
    """Whether attention modules project with linear layers (SD 2.x) and not with 1x1 convolutions."""
    in_channels: int = 4
    """Latent channels going in."""
    out_channels: int = 4
    """Latent channels coming out."""

    def attends(self, level: int) -> bool:
        """Whether *level* (0 is the finest) attends to the text."""
        return 2**level in self.attention_resolutions

    def widths(self) -> tuple[int, ...]:
        """Return the channels of each level, finest first."""
        return tuple(self.model_channels * mult for mult in self.channel_mult)

    def heads(self) -> tuple[int, ...]:
        """Return the attention heads of each level, finest first."""
        if self.num_head_channels is not None:
            return tuple(width // self.num_head_channels for width in self.widths())
        return (self.num_heads or 8,) * len(self.channel_mult)


@dataclass(frozen=True)
class VaeGeometry:
    """Widths and levels of the picture autoencoder; the defaults are those of Stable Diffusion 1.x."""

    ch: int = 128
    """Width of the first level, a multiple of 32."""
    ch_mult: tuple[int, ...] = (1, 2, 4, 4)
    """Width of each level as a multiple of *ch*, finest level first; levels - 1 halvings."""
    num_res_blocks: int = 2
    """Residual blocks of each level in the encoder; the decoder has one more."""
    z_channels: int = 4
    """Latent channels."""


@dataclass(frozen=True)
class Geometry:
    """Everything that decides how a checkpoint's tensors are laid out and how its noise schedule runs."""

    unet: UnetGeometry = field(default_factory=UnetGeometry)
    """The noise predictor."""
    vae: VaeGeometry = field(default_factory=VaeGeometry)
    """The picture autoencoder."""
    scale_factor: float = 0.18215
    """Latents are multiplied by it before noise is added."""
    linear_start: float = 0.00085
    """First beta of the scaled-linear noise schedule."""
    linear_end: float = 0.012
    """Last beta of the scaled-linear noise schedule."""
    timesteps: int = 1000
    """Length of the noise schedule."""
    prediction_type: str = "epsilon"
    """What the UNet predicts: "epsilon" (the noise) or "v_prediction"."""
    version: str = "openai/clip-vit-large-patch14"
    """Folder of the CLIP tokenizer and text-model config, or a hub name."""


def unet_config(geometry: Geometry) -> dict[str, Any]:
    """Return the arguments of diffusers' UNet2DConditionModel for *geometry*."""
    unet = geometry.unet
    attends = [unet.attends(level) for level in range(len(unet.channel_mult))]
    return {
        "sample_size": 64,
        "in_channels": unet.in_channels,
        "out_channels": unet.out_channels,
        "block_out_channels": unet.widths(),
        "layers_per_block": unet.num_res_blocks,
        "down_block_types": tuple("CrossAttnDownBlock2D" if yes else "DownBlock2D" for yes in attends),
        "up_block_types": tuple("CrossAttnUpBlock2D" if yes else "UpBlock2D" for yes in reversed(attends)),
        "cross_attention_dim": unet.context_dim,
        "attention_head_dim": unet.heads(),
        "transformer_layers_per_block": unet.transformer_depth,
        "use_linear_projection": unet.use_linear_in_transformer,
    }


def vae_config(geometry: Geometry) -> dict[str, Any]:
    """Return the arguments of diffusers' AutoencoderKL for *geometry*."""
    vae = geometry.vae
    levels = len(vae.ch_mult)
    return {
        "block_out_channels": tuple(vae.ch * mult for mult in vae.ch_mult),
        "down_block_types": ("DownEncoderBlock2D",) * levels,
        "up_block_types": ("UpDecoderBlock2D",) * levels,
        "layers_per_block": vae.num_res_blocks,
        "latent_channels": vae.z_channels,
        "scaling_factor": geometry.scale_factor,
    }


def geometry_of(
    unet: Mapping[str, Any], vae: Mapping[str, Any], *, version: str, scale_factor: float | None = None
) -> Geometry:
    """Derive the geometry from the configs of diffusers models (`model.config`).

    Args:
        unet: config of a UNet2DConditionModel.
        vae: config of an AutoencoderKL.
        version: folder of the CLIP tokenizer and text-model config; make it absolute for AUTOMATIC1111.
        scale_factor: latent scale; the autoencoder's own `scaling_factor` where None.

    Raises:
        InvalidInputError: the models have a shape that the SD 1.x layout cannot express.
    """
    return Geometry(
        unet=unet_geometry_of(unet),
        vae=_vae_geometry(vae),
        scale_factor=float(vae.get("scaling_factor", 0.18215) if scale_factor is None else scale_factor),
        version=version,
    )


def unet_geometry_of(unet: Mapping[str, Any]) -> UnetGeometry:
    """Derive the UNet's part of the geometry from the config of a UNet2DConditionModel.

    Raises:
        InvalidInputError: it has a shape that the SD 1.x layout cannot express.
    """
    widths = tuple(unet["block_out_channels"])
    attends = [name.startswith("CrossAttn") for name in unet["down_block_types"]]
    depth = unet.get("transformer_layers_per_block") or 1
    if not isinstance(depth, int):
        raise InvalidInputError(
            f"transformer_layers_per_block {depth} differs by level, which an SD 1.x file cannot say."
        )
    blocks = unet["layers_per_block"]
    return UnetGeometry(
        model_channels=widths[0],
        channel_mult=_multiples(widths),
        num_res_blocks=(blocks,) * len(widths) if isinstance(blocks, int) else tuple(blocks),
        attention_resolutions=tuple(2**level for level, yes in enumerate(attends) if yes),
        context_dim=unet["cross_attention_dim"],
        transformer_depth=depth,
        use_linear_in_transformer=bool(unet.get("use_linear_projection")),
        in_channels=unet["in_channels"],
        out_channels=unet["out_channels"],
        **_head_fields(unet.get("num_attention_heads") or unet["attention_head_dim"], widths),
    )


def _vae_geometry(vae: Mapping[str, Any]) -> VaeGeometry:
    widths = tuple(vae["block_out_channels"])
    return VaeGeometry(widths[0], _multiples(widths), vae["layers_per_block"], vae["latent_channels"])


def _multiples(widths: Sequence[int]) -> tuple[int, ...]:
    if any(width % widths[0] for width in widths):
        raise InvalidInputError(f"Widths {tuple(widths)} are not multiples of the first, which an SD 1.x file needs.")
    return tuple(width // widths[0] for width in widths)


def _head_fields(heads: int | Sequence[int], widths: Sequence[int]) -> dict[str, int | None]:
    if isinstance(heads, int):
        return {"num_heads": heads}
    if len(set(heads)) == 1:
        return {"num_heads": heads[0]}
    sizes = {width // count for width, count in zip(widths, heads)}
    if len(sizes) != 1:
        raise InvalidInputError(f"Attention heads {tuple(heads)} fit neither one count nor one width per head.")
    return {"num_heads": None, "num_head_channels": sizes.pop()}
