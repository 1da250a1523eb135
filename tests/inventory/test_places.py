"""Finding model files."""

import os
from pathlib import Path

import pytest

from counterprompt.advice.inventory import ResourceKind
from counterprompt.errors import InvalidInputError
from counterprompt.inventory.places import find_files


def test_each_file_gets_its_kind_and_name(webui: Path):
    """Folders below count, pictures do not; a VAE beside a checkpoint is a VAE."""
    found = {(file.kind, file.name, file.relative) for file in find_files(webui)}

    assert {
        (ResourceKind.CHECKPOINT, "base", "sub/base.safetensors"),
        (ResourceKind.VAE, "base.vae.safetensors", "base.vae.safetensors"),
        (ResourceKind.LORA, "kiwi_v4", "styles/kiwi_v4.safetensors"),
        (ResourceKind.LORA, "other", "other.safetensors"),
        (ResourceKind.VAE, "good.safetensors", "good.safetensors"),
        (ResourceKind.EMBEDDING, "EasyNegative", "EasyNegative.pt"),
        (ResourceKind.HYPERNETWORK, "hyper", "hyper.pt"),
    } == found


def test_the_models_folder_is_as_good(webui: Path):
    """Named by its models folder, a WebUI shows the same files."""
    assert find_files(webui) == find_files(webui / "models")


def test_links_are_followed_once(webui: Path):
    """A link that leads back up ends; a link to files elsewhere is followed."""
    elsewhere = webui.parent / "disk"
    elsewhere.mkdir()
    (elsewhere / "far.safetensors").write_bytes(b"far")
    os.symlink(elsewhere, webui / "models" / "Lora" / "disk")
    os.symlink(webui / "models" / "Lora", webui / "models" / "Lora" / "styles" / "loop")
    names = [file.name for file in find_files(webui) if file.kind is ResourceKind.LORA]

    assert ["far", "kiwi_v4", "other"] == sorted(names)


@pytest.mark.parametrize("name", ["nowhere", "empty", "file"])
def test_a_folder_without_models_is_refused(name: str, tmp_path: Path):
    """The sentence says which folder to name."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(InvalidInputError, match="models/Stable-diffusion"):
        find_files(tmp_path / name)
