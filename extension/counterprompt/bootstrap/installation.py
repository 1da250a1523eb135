"""What is installed here, and what it would run on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt.bootstrap.miniature import miniature_folder
from counterprompt.bootstrap.taggers import tagger_store
from counterprompt.errors import MissingModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.settings import Settings


def model_paths(settings: Settings) -> dict[str, Path]:
    """Return where the miniature's checkpoint, the tagger and the scorer are looked for, there or not."""
    try:
        miniature = miniature_folder()
    except MissingModelError:
        miniature = Path("miniature")
    return {
        "miniature": miniature / "miniature.safetensors",
        "tagger": (
            tagger_store(settings).place_of(settings.tagger_folder) if settings.tagger_folder else miniature / "tagger"
        ),
        "scorer": settings.scorer_folder or miniature / "clip",
    }


def installed_packages(names: Sequence[str]) -> dict[str, str | None]:
    """Return the version of each distribution, None where it is not installed."""
    from counterprompt.tagging.onnx_host import installed_version

    return {name: installed_version(name) for name in names}


def onnx_answer(settings: Settings) -> dict[str, Any]:
    """Say which onnxruntime package fits, what to type for it, and what taggers really run on with these *settings*.

    For it the miniature's tagger is opened and run once.
    """
    from counterprompt.tagging.onnx_host import answer_about, read_host

    try:
        import torch
    except (ImportError, OSError):
        host = read_host()
    else:
        is_there = torch.cuda.is_available()
        host = read_host(
            torch.version.cuda if is_there else None,
            torch.backends.cudnn.version() if is_there else None,
            has_rocm=bool(is_there and torch.version.hip),
        )
    model = model_paths(settings)["miniature"].with_name("tagger") / "model.onnx"
    return answer_about(host, model, settings.tagger_provider)


def torch_device() -> str:
    """Say in words what torch runs on."""
    try:
        import torch
    except (ImportError, OSError):
        return "nothing: torch is missing"
    return (
        str(torch.cuda.get_device_name(0)) if torch.cuda.is_available() else f"CPU, {torch.get_num_threads()} threads"
    )


def onnx_providers() -> list[str]:
    """Name the execution providers of onnxruntime; none where it is missing."""
    try:
        import onnxruntime
    except (ImportError, OSError):
        return []
    return list(getattr(onnxruntime, "get_available_providers", list)())  # it lacks even that where it is in pieces
