"""Loads a checkpoint from a folder that diffusers saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from counterprompt.errors import MissingModelError
from counterprompt.generation.checkpoint import Checkpoint, TextModel, alphas_of

if TYPE_CHECKING:
    from pathlib import Path


def load_folder(folder: Path) -> Checkpoint:
    """Load *folder* (`model_index.json`, `unet/`, `vae/`, `text_encoder/`, ...) onto the CPU as it is stored.

    Raises:
        MissingModelError: a part is missing, or the checkpoint predicts something unknown.
        OSError, ValueError, KeyError: a part is broken.
    """
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    if not (folder / "model_index.json").is_file():
        raise MissingModelError(f'The folder "{folder}" has no model_index.json; give a folder saved by diffusers.')
    noise = json.loads((folder / "scheduler" / "scheduler_config.json").read_text(encoding="utf-8"))
    texts = [TextModel(load_tokenizer(folder / "tokenizer"), _pretrained(CLIPTextModel, folder / "text_encoder"))]
    if (folder / "text_encoder_2").is_dir():
        second = _pretrained(CLIPTextModelWithProjection, folder / "text_encoder_2")
        texts.append(TextModel(load_tokenizer(folder / "tokenizer_2"), second, is_pooled=True))
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
    names = [path.name for path in folder.glob("*.safetensors")]
    if not names:  # transformers 4.30 would take a pickle instead
        raise MissingModelError(f'The folder "{folder}" holds no .safetensors weights; convert them.')
    variant = "fp16" if all(".fp16" in name for name in names) else None
    return model_class.from_pretrained(str(folder), use_safetensors=True, local_files_only=True, variant=variant)


def load_tokenizer(folder: Path) -> Any:
    """Load the CLIPTokenizer in *folder*.

    Raises:
        MissingModelError: there is none.
    """
    from transformers import CLIPTokenizer

    if not (folder / "vocab.json").is_file() and not (folder / "tokenizer.json").is_file():
        raise MissingModelError(f'The folder "{folder}" holds no CLIP tokenizer; put vocab.json and merges.txt there.')
    # prompts are cut into chunks later, so a long one is nothing to warn of
    return CLIPTokenizer.from_pretrained(str(folder), local_files_only=True, model_max_length=1_000_000)


def _known_prediction(prediction_type: str) -> str:
    if prediction_type not in ("epsilon", "v_prediction"):
        raise MissingModelError(f'A checkpoint that predicts "{prediction_type}" is not supported; use another.')
    return prediction_type
