"""Loads CLIP architectures that open_clip knows by name, such as ViT-L-14 with OpenAI's weights."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import MissingModelError
from counterprompt.scoring.activation import is_quick_by_name
from counterprompt.scoring.clip_folder import LoadedClip, describe_clip, fit_weights, load_weights

if TYPE_CHECKING:
    from collections.abc import Mapping

OPENAI_ARCHIVES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "ViT-L-14.pt": ("ViT-L-14", "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836"),
        "ViT-B-16.pt": ("ViT-B-16", "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f"),
        "ViT-B-32.pt": ("ViT-B-32", "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af"),
    }
)
"""OpenAI's own files, as every WebUI that has interrogated a picture keeps them: architecture and SHA-256, which is
part of the address that OpenAI serves the file from."""
_NO_WEIGHTS: Final = ("input_resolution", "context_length", "vocab_size")


def load_named_clip(
    architecture: str = "ViT-L-14",
    weights: str | Path = "openai",
    *,
    device: str = "cpu",
    quick_gelu: bool | None = None,
) -> LoadedClip:
    """Load a CLIP through open_clip's own factory.

    Args:
        architecture: a name open_clip lists, such as "ViT-L-14" or "ViT-H-14".
        weights: a pretrained tag of that architecture (downloaded by open_clip where it is not cached), a local
            safetensors file, or one of OPENAI_ARCHIVES.
        device: "cpu", "cuda" or "cuda:N".
        quick_gelu: whether the weights were trained with QuickGELU, as all of OpenAI's were. None decides by the tag
            or by the words in a file's path. open_clip 2.30 and later build plain GELU for the tag "openai" unless
            told, and the scores are then wrong without any error.

    Raises:
        MissingModelError: name, tag or file is unknown, broken, or cannot be downloaded, or a file's path does not say
            whose weights they are.
    """
    path = Path(weights)
    if not (path.suffix in {".safetensors", ".pt"} or path.is_file()):
        network = _create(architecture, str(weights), _is_quick_tag(architecture, str(weights), quick_gelu))
        return _described(network, f"{architecture} ({weights})", device)
    if not path.is_file():
        raise MissingModelError(f"There are no CLIP weights at {path}; give a pretrained tag or an existing file.")
    if path.suffix == ".pt":
        network = _create(architecture, None, True)
        fit_weights(network, _read_archive(path, architecture), path)
    else:
        network = _create(architecture, None, _is_quick_file(path) if quick_gelu is None else quick_gelu)
        load_weights(network, path)
    return _described(network, f"{architecture} ({path.name})", device)


def build_architecture(architecture: str, *, quick_gelu: bool) -> Any:
    """Build an architecture that open_clip lists, with random weights.

    Raises:
        MissingModelError: open_clip does not know it.
    """
    return _create(architecture, None, quick_gelu)


def build_around(architecture: str, weights: Mapping[str, Any], path: Path) -> Any:
    """Build a GELU architecture that open_clip lists around *weights*, which come from *path* and are not copied.

    A network built first and filled then would need its memory twice, and minutes for random numbers nobody uses.

    Raises:
        MissingModelError: open_clip does not know it, or the weights belong to another one.
    """
    import torch

    with torch.device("meta"):
        network = _create(architecture, None, False, device="meta")
    fit_weights(network, weights, path, is_copied=False)
    # The one buffer that no file holds: each token sees those before it.
    length = network.context_length
    network.register_buffer("attn_mask", torch.full((length, length), float("-inf")).triu_(1), persistent=False)
    return network


def _described(network: Any, name: str, device: str) -> LoadedClip:
    preprocess_cfg = {
        "mean": getattr(network.visual, "image_mean", None),
        "std": getattr(network.visual, "image_std", None),
    }
    return describe_clip(network, name, device, preprocess_cfg)


def _is_quick_tag(architecture: str, tag: str, quick_gelu: bool | None) -> bool:
    if quick_gelu is not None:
        return quick_gelu
    import open_clip

    return "openai" in tag.lower() or bool(open_clip.get_pretrained_cfg(architecture, tag).get("quick_gelu"))


def _is_quick_file(path: Path) -> bool:
    is_quick = is_quick_by_name(path)
    if is_quick is None:
        raise MissingModelError(
            f"Nothing in {path} says whether these weights were trained with QuickGELU, and the wrong choice would "
            'spoil every score; put "openai" or "laion" into the name, after who trained them.'
        )
    return is_quick


def _read_archive(path: Path, architecture: str) -> dict[str, Any]:
    """Read one of OpenAI's TorchScript archives; only the very files they publish, since such a file holds code."""
    import torch

    expected, sha256 = OPENAI_ARCHIVES.get(path.name, ("", ""))
    if expected != architecture or _sha256_of(path) != sha256:
        raise MissingModelError(
            f"{path} is not OpenAI's {architecture}.pt; download it again or use a safetensors file."
        )
    weights = torch.jit.load(str(path), map_location="cpu").state_dict()
    return {name: tensor for name, tensor in weights.items() if name not in _NO_WEIGHTS}


def _sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def _create(architecture: str, tag: str | None, quick_gelu: bool, device: str = "cpu") -> Any:
    import open_clip

    if architecture not in open_clip.list_models():
        raise MissingModelError(f'open_clip knows no architecture "{architecture}"; "ViT-L-14" is the usual one.')
    try:
        return open_clip.create_model(architecture, pretrained=tag, force_quick_gelu=quick_gelu, device=device)
    except Exception as error:  # the downloaders raise a dozen unrelated classes
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise MissingModelError(
            f'The CLIP weights "{tag}" of {architecture} could not be loaded ({reason}); '
            "check the network or name a local safetensors file."
        ) from error
