"""Loads a checkpoint, a diffusers folder or a single SD 1.x-layout file, and puts it where it will run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.errors import CounterpromptError, MissingModelError
from counterprompt.generation.checkpoint_file import load_single_file
from counterprompt.generation.checkpoint_folder import load_folder

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.generation.checkpoint import Checkpoint

INSTALL_HINT = 'install the "standalone" extra'


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
        checkpoint = load_folder(path) if path.is_dir() else load_single_file(path)
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
