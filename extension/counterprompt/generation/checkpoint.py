"""Loads a checkpoint, a diffusers folder or a single SD 1.x-layout file, into the models that sampling needs."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt.errors import CounterpromptError, InvalidInputError, MissingModelError
from counterprompt.generation.clip_vocabulary import write_clip_tokenizer
from counterprompt.generation.geometry import Geometry, unet_config, vae_config
from counterprompt.generation.layout_yaml import parse_yaml
from counterprompt.generation.sd_layout import from_single_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

INSTALL_HINT = 'install the "standalone" extra'


@dataclass(frozen=True)
class TextModel:
    """One text encoder with its tokenizer."""

    tokenizer: Any
    """CLIPTokenizer."""
    encoder: Any
    """CLIPTextModel, or CLIPTextModelWithProjection where a pooled vector is wanted."""
    is_pooled: bool = False
    """Whether it also gives the pooled vector (SDXL's second encoder)."""


@dataclass(frozen=True)
class Checkpoint:
    """A loaded checkpoint, in evaluation mode."""

    unet: Any
    """UNet2DConditionModel."""
    vae: Any
    """AutoencoderKL in float32; its encoder may be gone."""
    text_models: tuple[TextModel, ...]
    """One for SD 1.x and 2.x, two for SDXL."""
    alphas_cumprod: Tensor
    """(timesteps,) float32: how much of the picture is left at each timestep, falling from 1 towards 0."""
    scale_factor: float
    """Latents are divided by it before decoding."""
    prediction_type: str = "epsilon"
    """"epsilon" or "v_prediction"."""
    geometry: Geometry | None = field(default=None, repr=False)
    """Of a single file; None for a folder."""

    @property
    def is_sdxl(self) -> bool:
        """Whether it takes two text encoders and the picture's size."""
        return len(self.text_models) == 2

    @property
    def pixels_per_latent(self) -> int:
        """Side of the square of pixels that one latent stands for, 8 for every known Stable Diffusion."""
        return int(2 ** (len(self.vae.config.block_out_channels) - 1))


def load_checkpoint(path: Path, device: str) -> Checkpoint:
    """Load *path* onto *device*: float32 on the CPU, float16 elsewhere except for the autoencoder.

    Args:
        path: a diffusers folder (with `model_index.json`) or a `.safetensors` file in SD 1.x layout; a `.yaml` of the
            same stem beside it gives its geometry.
        device: "cpu", "cuda", "cuda:1", "mps".

    Raises:
        MissingModelError: the path, a package or a part of the checkpoint is missing, or its family is unknown.
        InvalidInputError: the file or its `.yaml` is broken.
    """
    try:
        import diffusers  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise MissingModelError(f"Generating with a checkpoint needs {error.name}; {INSTALL_HINT}.") from error
    if not path.exists():
        raise MissingModelError(f'The checkpoint "{path}" does not exist; give a folder or a .safetensors file.')
    try:
        checkpoint = _load_folder(path) if path.is_dir() else _load_file(path)
    except CounterpromptError:
        raise
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        raise MissingModelError(f'The checkpoint "{path}" cannot be loaded ({reason}); is it complete?') from error
    return _placed(checkpoint, device)


def _placed(checkpoint: Checkpoint, device: str) -> Checkpoint:
    import torch

    dtype = torch.float32 if device == "cpu" else torch.float16
    for model in (checkpoint.unet, *(text.encoder for text in checkpoint.text_models)):
        torch.nn.Module.to(model, device=device, dtype=dtype).eval()  # diffusers' own .to() warns of every cast
    # half precision overflows in SDXL's autoencoder, and decoding is a small part of the work
    torch.nn.Module.to(checkpoint.vae, device=device, dtype=torch.float32).eval()
    return checkpoint


def _load_folder(folder: Path) -> Checkpoint:
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    if not (folder / "model_index.json").is_file():
        raise MissingModelError(f'The folder "{folder}" has no model_index.json; give a folder saved by diffusers.')
    noise = json.loads((folder / "scheduler" / "scheduler_config.json").read_text(encoding="utf-8"))
    texts = [TextModel(_tokenizer(folder / "tokenizer"), _pretrained(CLIPTextModel, folder / "text_encoder"))]
    if (folder / "text_encoder_2").is_dir():
        second = _pretrained(CLIPTextModelWithProjection, folder / "text_encoder_2")
        texts.append(TextModel(_tokenizer(folder / "tokenizer_2"), second, is_pooled=True))
    vae = _pretrained(AutoencoderKL, folder / "vae")
    return Checkpoint(
        unet=_pretrained(UNet2DConditionModel, folder / "unet"),
        vae=vae,
        text_models=tuple(texts),
        alphas_cumprod=alphas_of(
            noise.get("beta_start", 0.0001),
            noise.get("beta_end", 0.02),
            noise.get("num_train_timesteps", 1000),
            is_scaled=noise.get("beta_schedule") == "scaled_linear",
        ),
        scale_factor=float(vae.config.scaling_factor),
        prediction_type=_known_prediction(noise.get("prediction_type", "epsilon")),
    )


def _pretrained(model_class: Any, folder: Path) -> Any:
    """Load one model of a diffusers folder from safetensors, never a pickle; its fp16 variant as a last resort."""
    if not folder.is_dir():
        raise MissingModelError(f'The checkpoint lacks its folder "{folder}"; give a folder saved by diffusers.')
    variant = None if list(folder.glob("*model.safetensors")) or list(folder.glob("*.index.json")) else "fp16"
    return model_class.from_pretrained(str(folder), use_safetensors=True, local_files_only=True, variant=variant)


def _tokenizer(folder: Path) -> Any:
    from transformers import CLIPTokenizer

    if not (folder / "vocab.json").is_file() and not (folder / "tokenizer.json").is_file():
        raise MissingModelError(f'The folder "{folder}" holds no CLIP tokenizer; put vocab.json and merges.txt there.')
    # prompts are cut into chunks later, so a long one is nothing to warn of
    return CLIPTokenizer.from_pretrained(str(folder), local_files_only=True, model_max_length=1_000_000)


def _load_file(path: Path) -> Checkpoint:
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
        tokenizer, config = _tokenizer(folder), CLIPTextConfig.from_pretrained(str(folder), local_files_only=True)
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
        return _tokenizer(Path(folder))


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


def alphas_of(start: float, end: float, timesteps: int, *, is_scaled: bool) -> Tensor:
    """Compute the cumulative alphas (timesteps,) of a beta schedule from *start* to *end*.

    Args:
        start: first beta, 0 to 1.
        end: last beta, *start* to 1.
        timesteps: at least 2.
        is_scaled: whether the square root of beta is what grows linearly (all Stable Diffusion), or beta itself.
    """
    import torch

    power = 2.0 if is_scaled else 1.0
    betas = torch.linspace(start ** (1 / power), end ** (1 / power), timesteps, dtype=torch.float64) ** power
    return torch.cumprod(1.0 - betas, dim=0).float()


def _known_prediction(prediction_type: str) -> str:
    if prediction_type not in ("epsilon", "v_prediction"):
        raise MissingModelError(f'A checkpoint that predicts "{prediction_type}" is not supported; use another.')
    return prediction_type
