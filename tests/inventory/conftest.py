"""A WebUI's folder with tiny model files, and safetensors files made by hand."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]


def write_safetensors(path: Path, metadata: dict[str, str] | None = None, body: bytes = b"\0" * 8) -> Path:
    """Write a safetensors file with one tensor of *body*."""
    header: dict[str, object] = {"weight": {"dtype": "U8", "shape": [len(body)], "data_offsets": [0, len(body)]}}
    if metadata is not None:
        header["__metadata__"] = metadata
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)
    return path


@pytest.fixture(name="write_safetensors")
def _write_safetensors() -> Write:
    return write_safetensors


@pytest.fixture
def webui(tmp_path: Path) -> Path:
    """A WebUI's folder: a checkpoint, two LoRAs (one in a folder below), an embedding, a VAE and a hypernetwork."""
    root = tmp_path / "webui"
    models = root / "models"
    write_safetensors(models / "Stable-diffusion" / "sub" / "base.safetensors", body=b"checkpoint")
    write_safetensors(models / "Stable-diffusion" / "base.vae.safetensors", body=b"near")
    frequencies = json.dumps({"10_kiwi": {"kiwi style": 20, "1girl": 12}})
    write_safetensors(
        models / "Lora" / "styles" / "kiwi_v4.safetensors",
        {"ss_tag_frequency": frequencies, "ss_base_model_version": "sd_v1", "ss_output_name": "kiwi-final"},
        b"kiwi",
    )
    write_safetensors(models / "Lora" / "other.safetensors", {"ss_base_model_version": "sdxl_base_v1-0"}, b"other")
    write_safetensors(models / "VAE" / "good.safetensors", body=b"vae")
    (root / "embeddings").mkdir()
    (root / "embeddings" / "EasyNegative.pt").write_bytes(b"embedding")
    (models / "hypernetworks").mkdir()
    (models / "hypernetworks" / "hyper.pt").write_bytes(b"hyper")
    (models / "Lora" / "kiwi_v4.preview.png").write_bytes(b"picture")
    (root / "config.json").write_text('{"sd_model_checkpoint": "sub/base.safetensors [0123456789]"}')
    return root
