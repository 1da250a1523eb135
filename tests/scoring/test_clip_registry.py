"""Architectures that open_clip knows by name."""

import json

import pytest

from counterprompt.errors import MissingModelError
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
        ("laion.safetensors", None, False),
        ("laion.safetensors", True, True),
        ("openai.safetensors", False, False),
    ],
)
def test_quick_gelu_follows_the_weights(saved_folder, tmp_path, file_name, quick_gelu, expected):
    """OpenAI's weights get QuickGELU although the architecture does not ask for it; a given choice wins."""
    weights = tmp_path / file_name
    weights.write_bytes((saved_folder / "open_clip_model.safetensors").read_bytes())

    loaded = load_named_clip(ARCHITECTURE, weights, quick_gelu=quick_gelu)

    kinds = {type(module).__name__ for module in loaded.network.modules()}
    assert expected == ("QuickGELU" in kinds)
    assert f"{ARCHITECTURE} ({file_name})" == loaded.name


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
