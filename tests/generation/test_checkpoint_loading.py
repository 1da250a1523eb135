"""Loading checkpoints from either layout."""

import shutil

import pytest

from counterprompt.errors import CounterpromptError, InvalidInputError, MissingModelError
from counterprompt.generation.checkpoint import alphas_of
from counterprompt.generation.checkpoint_file import text_config_of
from counterprompt.generation.checkpoint_loading import load_checkpoint

torch = pytest.importorskip("torch")
pytest.importorskip("diffusers")


def test_single_file_and_folder_hold_the_same_weights(tiny_file, tiny_folder):
    """The same models load from the SD 1.x-layout file and from the diffusers folder."""
    single, folder = load_checkpoint(tiny_file, "cpu"), load_checkpoint(tiny_folder, "cpu")

    for expected, actual in (
        (folder.unet, single.unet),
        (folder.text_models[0].encoder, single.text_models[0].encoder),
    ):
        states = expected.state_dict(), actual.state_dict()
        assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])
    assert torch.equal(folder.vae.decoder.conv_in.weight, single.vae.decoder.conv_in.weight)
    assert torch.equal(folder.alphas_cumprod, single.alphas_cumprod)
    assert folder.scale_factor == single.scale_factor
    assert 8 == single.pixels_per_latent


def test_alphas_are_those_of_diffusers():
    """The noise schedule equals the one that diffusers computes for Stable Diffusion."""
    from diffusers import DDIMScheduler

    expected = DDIMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear").alphas_cumprod

    assert torch.allclose(expected, alphas_of(0.00085, 0.012, 1000, is_scaled=True), atol=1e-6)


def test_vocabulary_is_built_in_where_the_yaml_names_a_hub_model(tiny_file, tmp_path):
    """A `version` that is no folder takes the built-in CLIP vocabulary, with no download."""
    text = tiny_file.with_suffix(".yaml").read_text(encoding="utf-8")
    (tmp_path / "m.yaml").write_text(text.replace('"clip"', "openai/clip-vit-large-patch14"), encoding="utf-8")
    shutil.copy(tiny_file, tmp_path / "m.safetensors")

    tokenizer = load_checkpoint(tmp_path / "m.safetensors", "cpu").text_models[0].tokenizer

    assert [320, 736, 1212] == tokenizer("a red house", add_special_tokens=False)["input_ids"]


def test_text_config_is_read_off_the_tensors():
    """Width, layers and positions of the text encoder follow from its tensors."""
    state = {
        "text_model.embeddings.token_embedding.weight": torch.zeros(49408, 768),
        "text_model.embeddings.position_embedding.weight": torch.zeros(77, 768),
        "text_model.encoder.layers.0.mlp.fc1.weight": torch.zeros(3072, 768),
        "text_model.encoder.layers.1.mlp.fc1.weight": torch.zeros(3072, 768),
    }

    config = text_config_of(state)

    assert (768, 3072, 2, 12) == tuple(
        config[key] for key in ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    )


def broken_file(folder, state):
    from safetensors.torch import save_file

    save_file(state, folder / "m.safetensors")
    return folder / "m.safetensors"


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("conditioner.embedders.0.x", "SDXL"),
        ("cond_stage_model.model.x", "SD 2"),
        ("model.diffusion_model.out.2.bias", "first_stage_model"),
        ("lora_unet_x.alpha", "model.diffusion_model"),
    ],
)
def test_other_families_are_refused_by_name(tmp_path, key, hint):
    """A file that is no whole SD 1.x checkpoint is refused with what it is or lacks."""
    with pytest.raises(MissingModelError, match=hint):
        load_checkpoint(broken_file(tmp_path, {key: torch.zeros(1)}), "cpu")


def test_missing_or_foreign_files_are_refused(tmp_path):
    """A path that is not there, an empty folder, a pickle and a broken file give one sentence each."""
    (tmp_path / "m.ckpt").write_bytes(b"x")
    (tmp_path / "n.safetensors").write_bytes(b"not tensors")
    for name in ("nowhere.safetensors", ".", "m.ckpt", "n.safetensors"):
        with pytest.raises(MissingModelError) as caught:
            load_checkpoint(tmp_path / name, "cpu")
        assert 1 == len(str(caught.value).splitlines())


def test_folder_with_pickled_weights_is_refused(tiny_folder, tmp_path):
    """Weights that are no safetensors are never loaded: transformers 4.30 would fall back to the pickle."""
    shutil.copytree(tiny_folder, tmp_path / "m")
    weights = tmp_path / "m" / "text_encoder" / "model.safetensors"
    weights.rename(weights.with_name("pytorch_model.bin"))

    with pytest.raises(MissingModelError, match="safetensors"):
        load_checkpoint(tmp_path / "m", "cpu")


def test_file_that_does_not_fit_its_yaml_is_refused(tiny_file, tmp_path):
    """A checkpoint beside a `.yaml` of other widths or with a lost text model folder is refused."""
    shutil.copy(tiny_file, tmp_path / "m.safetensors")
    text = tiny_file.with_suffix(".yaml").read_text(encoding="utf-8")
    for wrong in (
        text.replace("model_channels: 32", "model_channels: 64"),
        text.replace('"clip"', "/nowhere/clip"),
        "a: [",
    ):
        (tmp_path / "m.yaml").write_text(wrong, encoding="utf-8")
        with pytest.raises(CounterpromptError) as caught:
            load_checkpoint(tmp_path / "m.safetensors", "cpu")
        assert isinstance(caught.value, (MissingModelError, InvalidInputError))
