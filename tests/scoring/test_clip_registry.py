"""Architectures that open_clip knows by name."""

import json

import pytest

from counterprompt.errors import MissingModelError
from counterprompt.scoring import clip_registry
from counterprompt.scoring.clip_registry import load_named_clip

ARCHITECTURE = "counterprompt-tiny-plain"


@pytest.fixture(scope="module", autouse=True)
def registered_architecture(tmp_path_factory, saved_folder):
    """Teach open_clip a tiny architecture that does not ask for QuickGELU, as ViT-L-14 does not."""
    import open_clip

    model_cfg = json.loads((saved_folder / "open_clip_config.json").read_text())["model_cfg"]
    model_cfg.pop("quick_gelu")
    path = tmp_path_factory.mktemp("architectures") / f"{ARCHITECTURE}.json"
    path.write_text(json.dumps(model_cfg))
    open_clip.add_model_config(path)


@pytest.mark.parametrize(
    ("file_name", "quick_gelu", "expected"),
    [
        ("openai.safetensors", None, True),  # the name tells whose weights they are
        ("models--timm--vit_large_patch14_clip_224.openai/snapshots/1/open_clip_model.safetensors", None, True),
        ("metaclip_400m.safetensors", None, True),
        ("laion.safetensors", None, False),
        ("laion.safetensors", True, True),
        ("openai.safetensors", False, False),
    ],
)
def test_quick_gelu_follows_the_weights(saved_folder, tmp_path, file_name, quick_gelu, expected):
    """OpenAI's weights get QuickGELU although the architecture does not ask for it; a given choice wins."""
    weights = tmp_path / file_name
    weights.parent.mkdir(parents=True, exist_ok=True)
    weights.write_bytes((saved_folder / "open_clip_model.safetensors").read_bytes())

    loaded = load_named_clip(ARCHITECTURE, weights, quick_gelu=quick_gelu)

    kinds = {type(module).__name__ for module in loaded.network.modules()}
    assert expected == ("QuickGELU" in kinds)
    assert f"{ARCHITECTURE} ({weights.name})" == loaded.name


def test_weights_of_unknown_makers_are_refused(saved_folder, tmp_path):
    """Where nothing tells which activation the weights want there is no guess, since a wrong one is silent."""
    weights = tmp_path / "model.safetensors"
    weights.write_bytes((saved_folder / "open_clip_model.safetensors").read_bytes())

    with pytest.raises(MissingModelError, match='put "openai" or "laion"'):
        load_named_clip(ARCHITECTURE, weights)


def test_archive_that_is_not_openais_is_refused(tmp_path):
    """A TorchScript archive holds code, so only the very file that OpenAI publishes is opened."""
    (tmp_path / "ViT-L-14.pt").write_bytes(b"PK not the one")

    with pytest.raises(MissingModelError, match=r"not OpenAI's ViT-L-14\.pt"):
        load_named_clip("ViT-L-14", tmp_path / "ViT-L-14.pt")


def test_openais_archive_is_read(tmp_path, monkeypatch, tiny_network):
    """OpenAI's own TorchScript file, with its three extra numbers, gives the network its weights, and QuickGELU."""
    import hashlib

    import torch

    class Archive(torch.nn.Module):
        def __init__(self):
            super().__init__()
            for name in ("input_resolution", "context_length", "vocab_size"):
                self.register_buffer(name, torch.tensor(1))

        def forward(self):
            return self.context_length

    archive = Archive()
    for name, tensor in tiny_network.state_dict().items():
        inner = archive
        *path, last = name.split(".")
        for part in path:
            if not hasattr(inner, part):
                inner.add_module(part, torch.nn.Module())
            inner = getattr(inner, part)
        inner.register_buffer(last, tensor.half())
    file = tmp_path / "ViT-T-1.pt"
    torch.jit.script(archive).save(str(file))
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    monkeypatch.setattr(clip_registry, "OPENAI_ARCHIVES", {file.name: (ARCHITECTURE, sha256)})

    loaded = load_named_clip(ARCHITECTURE, file)

    saved, read = tiny_network.state_dict(), loaded.network.state_dict()
    assert all(saved[name].half().float().equal(read[name]) for name in saved)
    assert "QuickGELU" in {type(module).__name__ for module in loaded.network.modules()}


@pytest.mark.parametrize(
    ("architecture", "weights", "remark"),
    [
        ("ViT-Z-99", "openai", 'no architecture "ViT-Z-99"'),
        (ARCHITECTURE, "nonsense", 'weights "nonsense"'),
        (ARCHITECTURE, "/nowhere/weights.safetensors", "no CLIP weights at"),
    ],
)
def test_unknown_name_is_refused(architecture, weights, remark):
    """An unknown architecture, tag or file is named."""
    with pytest.raises(MissingModelError, match=remark):
        load_named_clip(architecture, weights)
