"""A tiny CLIP with random weights, saved as a model folder, and a CLIP whose answers are known by construction."""

import json
import math
from types import SimpleNamespace

import pytest
from PIL import Image

TINY_MODEL_CFG = {
    "embed_dim": 8,
    "quick_gelu": True,
    "vision_cfg": {"layers": 1, "width": 16, "head_width": 8, "patch_size": 16, "image_size": 64},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 8, "heads": 2, "layers": 1},
}
TINY_PREPROCESS_CFG = {"mean": [0.5, 0.4, 0.3], "std": [0.2, 0.25, 0.3]}


@pytest.fixture(scope="session")
def tiny_network():
    """An open_clip network with random weights."""
    import torch
    from open_clip.model import CLIP

    torch.manual_seed(0)
    return CLIP(**json.loads(json.dumps(TINY_MODEL_CFG))).eval()


@pytest.fixture(scope="session")
def saved_folder(tmp_path_factory, tiny_network):
    """A complete model folder with the tiny network in fp16; tests that change it take a copy."""
    import torch
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("tiny-clip")
    config = {"model_cfg": TINY_MODEL_CFG, "preprocess_cfg": TINY_PREPROCESS_CFG}
    (folder / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
    weights = {name: tensor.half().contiguous() for name, tensor in tiny_network.state_dict().items()}
    save_file(weights, str(folder / "open_clip_model.safetensors"))
    head = {"weight": torch.linspace(-1, 1, 8)[None], "bias": torch.tensor([5.0])}
    save_file(head, str(folder / "aesthetic_head.safetensors"))
    table = {"blurry": [["sharp", "blurry"]], "noisy": {"pairs": [["clean", "noisy"]], "scale": 3.0, "bias": -1.0}}
    (folder / "probes.json").write_text(json.dumps(table), encoding="utf-8")
    return folder


@pytest.fixture
def clip_folder(tmp_path, saved_folder):
    """A copy of the model folder that a test may change."""
    import shutil

    return shutil.copytree(saved_folder, tmp_path / "clip")


@pytest.fixture
def pictures():
    """Three pictures of one colour each with a lighter square: wide, square and tall."""
    return [_square_on(colour, size) for colour, size in [("navy", (96, 64)), ("olive", (64, 64)), ("brown", (48, 80))]]


def _square_on(colour, size):
    image = Image.new("RGB", size, colour)
    image.paste((190, 180, 170), (16, 16, 40, 40))
    return image


@pytest.fixture
def roughness_clip():
    """A CLIP whose embedding is the angle that a picture's roughness gives, so that its rankings are known."""
    import torch

    from counterprompt.scoring.clip_folder import LoadedClip

    class RoughnessNetwork(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.logit_scale = torch.nn.Parameter(torch.tensor(math.log(10.0)))
            self.visual = SimpleNamespace(image_size=32)
            self.context_length = 8

        def encode_image(self, batch):
            roughness = (batch[..., 1:] - batch[..., :-1]).abs().mean(dim=(1, 2, 3))
            return torch.stack([roughness.cos(), roughness.sin()], dim=1)

        def encode_text(self, rows):
            return torch.stack([torch.ones(len(rows)), rows.float().sum(dim=1) % 7], dim=1)

    return LoadedClip("roughness", RoughnessNetwork(), 32, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), 8, "cpu")
