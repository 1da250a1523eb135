"""The `.yaml` beside an SD 1.x-layout checkpoint: text <-> geometry.

The keys are those that latent-diffusion's config files use and AUTOMATIC1111 reads: `model.params.unet_config.params`,
`first_stage_config.params.ddconfig`, `cond_stage_config.params.version`.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.generation.geometry import Geometry, UnetGeometry, VaeGeometry

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_YAML_CHARACTERS = 65536

TEMPLATE = """\
model:
  target: ldm.models.diffusion.ddpm.LatentDiffusion
  params:
    linear_start: {linear_start}
    linear_end: {linear_end}
    num_timesteps_cond: 1
    log_every_t: 200
    timesteps: {timesteps}{parameterization}
    first_stage_key: jpg
    cond_stage_key: txt
    image_size: 64
    channels: {z_channels}
    cond_stage_trainable: false
    conditioning_key: crossattn
    monitor: val/loss_simple_ema
    scale_factor: {scale_factor}
    use_ema: false
    unet_config:
      target: ldm.modules.diffusionmodules.openaimodel.UNetModel
      params:
        image_size: 32
        in_channels: {in_channels}
        out_channels: {out_channels}
        model_channels: {model_channels}
        attention_resolutions: {attention_resolutions}
        num_res_blocks: {num_res_blocks}
        channel_mult: {channel_mult}
        {heads}
        use_spatial_transformer: true
        transformer_depth: {transformer_depth}
        context_dim: {context_dim}
        use_checkpoint: false
        legacy: false{linear}
    first_stage_config:
      target: ldm.models.autoencoder.AutoencoderKL
      params:
        embed_dim: {z_channels}
        monitor: val/rec_loss
        ddconfig:
          double_z: true
          z_channels: {z_channels}
          resolution: 256
          in_channels: 3
          out_ch: 3
          ch: {ch}
          ch_mult: {ch_mult}
          num_res_blocks: {vae_blocks}
          attn_resolutions: []
          dropout: 0.0
        lossconfig:
          target: torch.nn.Identity
    cond_stage_config:
      target: ldm.modules.encoders.modules.FrozenCLIPEmbedder
      params:
        version: {version}
"""


def render_yaml(geometry: Geometry) -> str:
    """Render the text of the `.yaml` that makes AUTOMATIC1111 build a checkpoint of this geometry."""
    unet, vae = geometry.unet, geometry.vae
    blocks = unet.num_res_blocks
    return TEMPLATE.format(
        linear_start=geometry.linear_start,
        linear_end=geometry.linear_end,
        timesteps=geometry.timesteps,
        parameterization='\n    parameterization: "v"' if geometry.prediction_type == "v_prediction" else "",
        scale_factor=geometry.scale_factor,
        in_channels=unet.in_channels,
        out_channels=unet.out_channels,
        model_channels=unet.model_channels,
        attention_resolutions=list(unet.attention_resolutions),
        num_res_blocks=blocks[0] if len(set(blocks)) == 1 else list(blocks),
        channel_mult=list(unet.channel_mult),
        heads=f"num_head_channels: {unet.num_head_channels}"
        if unet.num_head_channels
        else f"num_heads: {unet.num_heads}",
        transformer_depth=unet.transformer_depth,
        context_dim=unet.context_dim,
        linear="\n        use_linear_in_transformer: true" if unet.use_linear_in_transformer else "",
        z_channels=vae.z_channels,
        ch=vae.ch,
        ch_mult=list(vae.ch_mult),
        vae_blocks=vae.num_res_blocks,
        version=json.dumps(geometry.version),  # a JSON string is a YAML string, whatever the path holds
    )


def parse_yaml(text: str) -> Geometry:
    """Read the geometry out of a checkpoint's `.yaml`.

    Raises:
        InvalidInputError: it is not YAML, too long, lacks a needed key, or describes another family than SD 1.x.
    """
    import yaml

    if len(text) > MAX_YAML_CHARACTERS:
        raise InvalidInputError(
            f"A checkpoint's .yaml of {len(text)} characters is too long; {MAX_YAML_CHARACTERS} is the limit."
        )
    try:
        params = yaml.safe_load(text)["model"]["params"]
        return _geometry(params)
    except KeyError as error:
        raise InvalidInputError(
            f"The checkpoint's .yaml lacks {error}; give it the keys of an SD 1.x config."
        ) from error
    except (yaml.YAMLError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InvalidInputError(
            f"The checkpoint's .yaml is not an SD 1.x config ({reason}); correct or remove it."
        ) from error


def _geometry(params: Mapping[str, Any]) -> Geometry:
    stage = params["cond_stage_config"]
    if not str(stage.get("target", "")).endswith("FrozenCLIPEmbedder"):
        raise ValueError(f"text encoder {stage.get('target')} is not CLIP ViT-L's FrozenCLIPEmbedder")
    default = Geometry()
    names = ("scale_factor", "linear_start", "linear_end")
    scale_factor, linear_start, linear_end = (float(params.get(name, getattr(default, name))) for name in names)
    if not all(map(math.isfinite, (scale_factor, linear_start, linear_end))):
        raise ValueError(f"one of {', '.join(names)} is no number")
    return Geometry(
        unet=_unet(params["unet_config"]["params"]),
        vae=_vae(params["first_stage_config"]["params"]["ddconfig"]),
        scale_factor=scale_factor,
        linear_start=linear_start,
        linear_end=linear_end,
        timesteps=int(params.get("timesteps", default.timesteps)),
        prediction_type="v_prediction" if params.get("parameterization") == "v" else "epsilon",
        version=str((stage.get("params") or {}).get("version", default.version)),
    )


def _unet(params: Mapping[str, Any]) -> UnetGeometry:
    mult = tuple(int(value) for value in params["channel_mult"])
    blocks = params["num_res_blocks"]
    head_channels = params.get("num_head_channels")
    return UnetGeometry(
        model_channels=int(params["model_channels"]),
        channel_mult=mult,
        num_res_blocks=(blocks,) * len(mult) if isinstance(blocks, int) else tuple(int(value) for value in blocks),
        attention_resolutions=tuple(int(value) for value in params["attention_resolutions"]),
        context_dim=int(params["context_dim"]),
        num_heads=None if head_channels else int(params["num_heads"]),
        num_head_channels=int(head_channels) if head_channels else None,
        transformer_depth=int(params.get("transformer_depth", 1)),
        use_linear_in_transformer=bool(params.get("use_linear_in_transformer", False)),
        in_channels=int(params["in_channels"]),
        out_channels=int(params["out_channels"]),
    )


def _vae(params: Mapping[str, Any]) -> VaeGeometry:
    if params.get("attn_resolutions"):
        raise ValueError(f"attn_resolutions {params['attn_resolutions']} of the autoencoder are not empty")
    return VaeGeometry(
        ch=int(params["ch"]),
        ch_mult=tuple(int(value) for value in params["ch_mult"]),
        num_res_blocks=int(params["num_res_blocks"]),
        z_channels=int(params["z_channels"]),
    )
