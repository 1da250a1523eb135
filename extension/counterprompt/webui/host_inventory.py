"""The model files of the host that this code runs in, in the words of its own REST API, without asking over the net."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.bootstrap.inventory import host_inventory

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.ports import InventorySource


def inventory_here() -> InventorySource:
    """Return what lists this host's model files, with the values that a running WebUI gives by its API."""
    return host_inventory(answer, "this WebUI")


def answer(route: str) -> Any:
    """Return what the host's API would answer to GET *route*; None where the host has no such thing."""
    tell = _ANSWERS.get(route)
    try:
        return tell() if tell else None
    except (ImportError, AttributeError):  # a host that keeps it elsewhere
        return None


def _checkpoints() -> list[dict[str, Any]]:
    from modules import sd_models

    return [
        {
            "title": info.title,
            "model_name": info.model_name,
            "hash": info.shorthash,
            "sha256": info.sha256,
            "filename": info.filename,
            "config": _config_beside(info.filename),
        }
        for info in sd_models.checkpoints_list.values()
    ]


def _config_beside(filename: str) -> str | None:
    config = Path(filename).with_suffix(".yaml")
    return str(config) if config.is_file() else None


def _loras() -> list[dict[str, Any]] | None:
    networks = sys.modules.get("networks")
    if networks is None:
        return None
    return [
        {"name": net.name, "alias": net.alias, "path": net.filename, "metadata": net.metadata}
        for net in networks.available_networks.values()
    ]


def _embeddings() -> dict[str, dict[str, Any]]:
    try:
        from modules.sd_hijack import model_hijack

        known = model_hijack.embedding_db
        return {"loaded": dict.fromkeys(known.word_embeddings), "skipped": dict.fromkeys(known.skipped_embeddings)}
    except (ImportError, AttributeError):  # Forge keeps them with the model: the folder tells their names
        from modules.shared import cmd_opts

        files = Path(cmd_opts.embeddings_dir).rglob("*")
        endings = (".pt", ".safetensors", ".bin", ".webp", ".png")
        return {"loaded": dict.fromkeys(path.stem for path in files if path.suffix.lower() in endings), "skipped": {}}


def _vaes() -> list[dict[str, Any]]:
    from modules import sd_vae

    return [{"model_name": name, "filename": filename} for name, filename in sd_vae.vae_dict.items()]


def _modules() -> list[dict[str, Any]]:
    from modules_forge import main_entry

    return [{"model_name": name, "filename": filename} for name, filename in main_entry.module_list.items()]


def _hypernetworks() -> list[dict[str, Any]]:
    from modules import shared

    return [{"name": name, "path": path} for name, path in shared.hypernetworks.items()]


def _options() -> dict[str, Any]:
    from modules.shared import opts

    return {name: opts.data.get(name) for name in ("sd_model_checkpoint", "sd_checkpoint_hash")}


_ANSWERS: Final[dict[str, Callable[[], Any]]] = {
    "/sdapi/v1/sd-models": _checkpoints,
    "/sdapi/v1/loras": _loras,
    "/sdapi/v1/embeddings": _embeddings,
    "/sdapi/v1/sd-vae": _vaes,
    "/sdapi/v1/sd-modules": _modules,
    "/sdapi/v1/hypernetworks": _hypernetworks,
    "/sdapi/v1/options": _options,
}
