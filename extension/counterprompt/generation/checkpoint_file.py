"""Loads a checkpoint from a single file in SD 1.x layout and the `.yaml` beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.generation.checkpoint import Checkpoint, TextModel, alphas_of
from counterprompt.generation.checkpoint_folder import load_tokenizer
from counterprompt.generation.clip_vocabulary import write_clip_tokenizer
from counterprompt.generation.geometry import Geometry, unet_config, vae_config
from counterprompt.generation.layout_yaml import parse_yaml
from counterprompt.generation.sd_layout import from_single_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor


def load_single_file(path: Path) -> Checkpoint:
    """Load *path* onto the CPU in float32, with the geometry of the `.yaml` of the same stem, or SD 1.x's.

    Raises:
        MissingModelError: the file is of another family or format, or its text model folder is missing.
        InvalidInputError: the `.yaml` is broken or does not fit the file.
        RuntimeError, ValueError: a tensor is missing or of another size.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if path.suffix.lower() != ".safetensors":
        raise MissingModelError(f'"{path.name}" is no .safetensors file; convert it, for others may hold programs.')
    beside = path.with_suffix(".yaml")
    geometry = parse_yaml(beside.read_text(encoding="utf-8", errors="replace")) if beside.is_file() else Geometry()
    try:
        state = load_file(str(path))
    except SafetensorError as error:
        raise MissingModelError(f'"{path.name}" is not a readable .safetensors file ({error}); replace it.') from error
    _refuse_other_families(path, state)
    states = from_single_file(state, geometry)
    return Checkpoint(
        unet=_built_unet(geometry, states.unet),
        vae=_built_vae(geometry, states.vae),
        text_models=(_text_model(beside.parent, geometry.version, states.text),),
        alphas_cumprod=alphas_of(geometry.linear_start, geometry.linear_end, geometry.timesteps, is_scaled=True),
        scale_factor=geometry.scale_factor,
        prediction_type=geometry.prediction_type,
        geometry=geometry,
    )


def _refuse_other_families(path: Path, state: Mapping[str, Tensor]) -> None:
    if any(key.startswith("conditioner.embedders.") for key in state):
        raise MissingModelError(f'"{path.name}" is a single SDXL file; convert it to a diffusers folder.')
    if any(key.startswith("cond_stage_model.model.") for key in state):
        raise MissingModelError(f'"{path.name}" is a single SD 2.x file; convert it to a diffusers folder.')
    needed = ("model.diffusion_model.", "first_stage_model.", "cond_stage_model.transformer.")
    lacking = [prefix for prefix in needed if not any(key.startswith(prefix) for key in state)]
    if lacking:
        raise MissingModelError(f'"{path.name}" has no tensors under "{lacking[0]}"; give a whole SD 1.x checkpoint.')


def _built_unet(geometry: Geometry, state: Mapping[str, Tensor]) -> Any:
    import torch
    from diffusers import UNet2DConditionModel

    with torch.device("meta"):  # no time is spent on weights that are replaced at once
        unet = UNet2DConditionModel(**unet_config(geometry))
    unet.load_state_dict(_owned(state), assign=True)
    return unet


def _built_vae(geometry: Geometry, state: Mapping[str, Tensor]) -> Any:
    import torch
    from diffusers import AutoencoderKL

    with torch.device("meta"):
        vae = AutoencoderKL(**vae_config(geometry))
    # only decoding is needed, and some checkpoints come without the encoder
    vae.encoder, vae.quant_conv = torch.nn.Identity(), torch.nn.Identity()
    decoding = {key: value for key, value in state.items() if key.startswith(("decoder.", "post_quant_conv."))}
    vae.load_state_dict(_owned(decoding), assign=True)
    return vae


def _owned(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Float32 copies: a mapped file must not be written to when LoRAs are merged."""
    return {key: value.float().clone() for key, value in state.items()}


def _text_model(base: Path, version: str, state: Mapping[str, Tensor]) -> TextModel:
    from transformers import CLIPTextConfig, CLIPTextModel

    folder = base / version  # an absolute version replaces base
    if folder.is_dir():
        tokenizer, config = load_tokenizer(folder), CLIPTextConfig.from_pretrained(str(folder), local_files_only=True)
    elif Path(version).is_absolute():
        raise MissingModelError(f'The .yaml\'s text model folder "{version}" does not exist; correct its "version".')
    else:
        tokenizer, config = _built_in_tokenizer(), CLIPTextConfig(**text_config_of(state))
    encoder = CLIPTextModel(config)
    own_keys = encoder.state_dict()
    # transformers 5 dropped the outer "text_model."
    named = {key if key in own_keys else key[len("text_model.") :]: value for key, value in state.items()}
    lacking = [key for key in own_keys if key not in named and not key.endswith("position_ids")]
    if lacking:
        raise InvalidInputError(f'The checkpoint\'s text encoder lacks "{lacking[0]}"; its config names another shape.')
    encoder.load_state_dict(named, strict=False)
    return TextModel(tokenizer, encoder)


def _built_in_tokenizer() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        write_clip_tokenizer(Path(folder))
        return load_tokenizer(Path(folder))


def text_config_of(state: Mapping[str, Tensor]) -> dict[str, Any]:
    """Read a CLIP text encoder's config off its tensors; heads are 64 wide, as in every CLIP."""
    vocabulary, width = state["text_model.embeddings.token_embedding.weight"].shape
    layers = [key for key in state if key.endswith(".mlp.fc1.weight")]
    return {
        "vocab_size": vocabulary,
        "hidden_size": width,
        "intermediate_size": state[layers[0]].shape[0],
        "num_hidden_layers": len(layers),
        "num_attention_heads": max(1, width // 64),
        "max_position_embeddings": state["text_model.embeddings.position_embedding.weight"].shape[0],
        "hidden_act": "quick_gelu",
        "bos_token_id": 49406,
        "eos_token_id": 49407,
        "pad_token_id": 49407,
    }
