"""Model folders in open_clip's format."""

import json

import pytest

from counterprompt.errors import MissingModelError
from counterprompt.scoring.clip_folder import OPENAI_MEAN, load_clip_folder


def test_loads_what_was_saved(clip_folder, tiny_network):
    """A saved network comes back with its weights (to fp16), its sizes and its preprocessing."""
    loaded = load_clip_folder(clip_folder)

    assert (64, 16, "clip", "cpu") == (loaded.image_size, loaded.context_length, loaded.name, loaded.device)
    assert ((0.5, 0.4, 0.3), (0.2, 0.25, 0.3)) == (loaded.mean, loaded.std)
    saved, read = tiny_network.state_dict(), loaded.network.state_dict()
    assert saved.keys() == read.keys()
    assert all(saved[name].half().float().equal(read[name]) for name in saved)


def test_open_clips_own_loader_reads_the_same_folder(clip_folder):
    """Where open_clip knows local folders, its loader gives the same embeddings as ours."""
    import open_clip
    import torch

    if not hasattr(open_clip.factory, "LOCAL_DIR_PREFIX"):
        pytest.skip("this open_clip knows no local-dir names")
    theirs = open_clip.create_model(f"local-dir:{clip_folder}").eval()
    batch = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))

    with torch.inference_mode():
        expected = theirs.encode_image(batch)
        actual = load_clip_folder(clip_folder).network.encode_image(batch)

    assert torch.allclose(expected, actual, atol=1e-6)


def test_separate_text_tower_is_read(clip_folder):
    """A configuration with custom_text, as newer exports have, is built with its own text tower."""
    from open_clip.model import CustomTextCLIP
    from safetensors.torch import save_file

    config = json.loads((clip_folder / "open_clip_config.json").read_text())
    network = CustomTextCLIP(**json.loads(json.dumps(config["model_cfg"])))
    save_file(network.state_dict(), str(clip_folder / "open_clip_model.safetensors"))
    config["model_cfg"]["custom_text"] = True
    (clip_folder / "open_clip_config.json").write_text(json.dumps(config))

    loaded = load_clip_folder(clip_folder)

    assert 16 == loaded.context_length
    assert network.state_dict()["text.ln_final.weight"].equal(loaded.network.text.ln_final.weight)


def test_openai_preprocessing_is_the_default(clip_folder):
    """A folder without preprocess_cfg is normalised like OpenAI's CLIP."""
    config = json.loads((clip_folder / "open_clip_config.json").read_text())
    del config["preprocess_cfg"]
    (clip_folder / "open_clip_config.json").write_text(json.dumps(config))

    assert load_clip_folder(clip_folder).mean == OPENAI_MEAN


@pytest.mark.parametrize(
    ("name", "content", "remark"),
    [
        ("open_clip_config.json", b"{", "not valid JSON"),
        ("open_clip_config.json", b'{"a":' * 20_000, "not valid JSON"),
        ("open_clip_config.json", b"[]", "not hold a JSON object"),
        ("open_clip_config.json", b"{}", 'no "model_cfg"'),
        ("open_clip_config.json", b" " * (1 << 20) + b"{}", "larger than 1 MiB"),
        ("open_clip_config.json", b'{"model_cfg": {"embed_dim": 8, "wings": 2}}', "cannot build"),
        ("open_clip_config.json", b'{"model_cfg": {"text_cfg": {"hf_tokenizer_name": "x"}}}', "own tokenizer"),
        ("open_clip_model.safetensors", b"", "cannot be read"),
        ("open_clip_model.safetensors", b"\xff" * 64, "cannot be read"),
    ],
)
def test_broken_file_is_named(clip_folder, name, content, remark):
    """A broken file gives one sentence that names it."""
    (clip_folder / name).write_bytes(content)

    with pytest.raises(MissingModelError, match=remark) as caught:
        load_clip_folder(clip_folder)

    assert "clip" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("part", "change", "remark"),
    [
        ("preprocess_cfg", {"mean": ["x", 0, 0]}, "three numbers each"),
        ("preprocess_cfg", {"std": [1, 0, 1]}, "above 0"),
        ("model_cfg", {"text_cfg": {"width": 17, "heads": 2}}, "cannot build"),
    ],
)
def test_a_config_of_wrong_numbers_is_refused(clip_folder, part, change, remark):
    """What cannot be built, or would divide by zero only when the first picture comes, is told at once."""
    config = json.loads((clip_folder / "open_clip_config.json").read_text())
    config[part].update(change)
    (clip_folder / "open_clip_config.json").write_text(json.dumps(config))

    with pytest.raises(MissingModelError, match=remark):
        load_clip_folder(clip_folder)


@pytest.mark.parametrize("name", ["open_clip_config.json", "open_clip_model.safetensors"])
def test_missing_file_is_named(clip_folder, name):
    """A missing file is named."""
    (clip_folder / name).unlink()

    with pytest.raises(MissingModelError, match=name):
        load_clip_folder(clip_folder)


def test_weights_of_another_architecture_are_refused(clip_folder):
    """Weights whose shapes differ from the configuration are refused."""
    config = json.loads((clip_folder / "open_clip_config.json").read_text())
    config["model_cfg"]["vision_cfg"]["width"] = 32
    (clip_folder / "open_clip_config.json").write_text(json.dumps(config))

    with pytest.raises(MissingModelError, match="do not fit"):
        load_clip_folder(clip_folder)
