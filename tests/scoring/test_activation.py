"""Which activation weights want, and that it is what the network reckons with: checked against arithmetic by hand."""

import json
from pathlib import Path

import numpy as np
import pytest

from counterprompt.scoring.activation import is_quick_by_name
from counterprompt.scoring.clip_registry import load_named_clip

ARCHITECTURE = "counterprompt-golden"
WIDTH, HEADS, PATCH, SIZE, EMBED = 16, 2, 16, 32, 8
GOLDEN = (-0.2719188, -0.0520893, -0.119236, 0.1032229, 0.1612053, -0.2738807, -0.1350309, 0.0086789)
"""What `_by_hand` gave once, in float64; a change of the formula, the weights or the picture shows here."""


@pytest.fixture(scope="module")
def golden_weights(tmp_path_factory):
    """A tiny CLIP in ViT-L-14's layout, every weight a sine of its place, taught to open_clip without QuickGELU."""
    import open_clip
    import torch
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    model_cfg = {
        "embed_dim": EMBED,
        "vision_cfg": {"layers": 2, "width": 16, "head_width": 8, "patch_size": 16, "image_size": 32},
        "text_cfg": {"context_length": 8, "vocab_size": 49408, "width": 8, "heads": 2, "layers": 1},
    }
    folder = tmp_path_factory.mktemp("golden")
    (folder / f"{ARCHITECTURE}.json").write_text(json.dumps(model_cfg))
    open_clip.add_model_config(folder / f"{ARCHITECTURE}.json")
    network = CLIP(**json.loads(json.dumps(model_cfg)))
    weights = {
        name: torch.from_numpy(0.25 * np.sin(np.arange(1, tensor.numel() + 1) ** 2 * 0.37 + number))
        .reshape(tensor.shape)
        .float()
        for number, (name, tensor) in enumerate(sorted(network.state_dict().items()))
    }
    save_file(weights, str(folder / "openai.safetensors"))
    return folder / "openai.safetensors"


def _picture():
    """One picture of shape (3, SIZE, SIZE), values within -1 and 1."""
    return np.sin(np.arange(3 * SIZE * SIZE) * 0.01).reshape(3, SIZE, SIZE)


def _by_hand(weights, activate):
    """Reckon the image tower in float64: patches, two layers of attention and perceptron, projection."""

    def linear(x, name):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def attend(x, name):
        stacked = x @ weights[f"{name}.in_proj_weight"].T + weights[f"{name}.in_proj_bias"]
        query, key, value = (part.reshape(len(x), HEADS, -1).swapaxes(0, 1) for part in np.split(stacked, 3, axis=1))
        fits = np.exp(query @ key.swapaxes(1, 2) / np.sqrt(WIDTH // HEADS))
        mixed = (fits / fits.sum(-1, keepdims=True)) @ value
        return linear(mixed.swapaxes(0, 1).reshape(len(x), WIDTH), f"{name}.out_proj")

    side = SIZE // PATCH
    patches = _picture().reshape(3, side, PATCH, side, PATCH).transpose(1, 3, 0, 2, 4).reshape(side * side, -1)
    x = patches @ weights["visual.conv1.weight"].reshape(WIDTH, -1).T
    x = np.concatenate([weights["visual.class_embedding"][None], x]) + weights["visual.positional_embedding"]
    x = norm(x, "visual.ln_pre")
    for number in range(2):
        block = f"visual.transformer.resblocks.{number}"
        x = x + attend(norm(x, f"{block}.ln_1"), f"{block}.attn")
        x = x + linear(activate(linear(norm(x, f"{block}.ln_2"), f"{block}.mlp.c_fc")), f"{block}.mlp.c_proj")
    return norm(x[0], "visual.ln_post") @ weights["visual.proj"]


def _quick_gelu(x):
    return x / (1.0 + np.exp(-1.702 * x))


def _gelu(x):
    from math import erf, sqrt

    return x * 0.5 * (1.0 + np.vectorize(erf)(x / sqrt(2.0)))


def _loaded(weights, **options):
    import torch

    network = load_named_clip(ARCHITECTURE, weights, **options).network
    with torch.inference_mode():
        embedded = network.encode_image(torch.from_numpy(_picture()).float()[None])[0].numpy()
    return network, {name: tensor.double().numpy() for name, tensor in network.state_dict().items()}, embedded


def test_openais_weights_are_reckoned_with_quick_gelu(golden_weights):
    """The embedding is that of x * sigmoid(1.702 x) by hand, and the golden numbers, on every open_clip."""
    network, weights, embedded = _loaded(golden_weights)

    np.testing.assert_allclose(_by_hand(weights, _quick_gelu), embedded, atol=1e-5)
    np.testing.assert_allclose(GOLDEN, embedded, atol=1e-5)
    blocks = [*network.visual.transformer.resblocks, *network.transformer.resblocks]
    assert {"QuickGELU"} == {type(block.mlp.gelu).__name__ for block in blocks}


def test_the_other_activation_would_be_noticed(golden_weights):
    """With plain GELU the same weights give GELU's numbers, which are far from the golden ones."""
    _, weights, embedded = _loaded(golden_weights, quick_gelu=False)

    np.testing.assert_allclose(_by_hand(weights, _gelu), embedded, atol=1e-5)
    assert np.abs(np.array(GOLDEN) - embedded).max() > 1e-3


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/m/openai.safetensors", True),
        ("/hub/models--timm--vit_large_patch14_clip_224.openai/snapshots/ab12/open_clip_model.safetensors", True),
        ("/m/ViT-L-14-quickgelu.safetensors", True),
        ("/m/laion2b_s32b_b82k.safetensors", False),
        ("/m/datacomp_xl/open_clip_model.safetensors", False),
        ("/openai/a/b/c/d/model.safetensors", None),
    ],
)
def test_makers_are_told_by_name(path, expected):
    """The file's name or one of its three folders says who trained the weights, or nothing does."""
    assert expected is is_quick_by_name(Path(path))
