"""Tiny checkpoints with random weights, made once per test run."""

import pytest

from counterprompt.generation.geometry import Geometry, UnetGeometry, VaeGeometry, unet_config, vae_config

GEOMETRY = Geometry(
    UnetGeometry(32, (1, 2), (1, 1), (2,), context_dim=32, num_heads=4),
    VaeGeometry(32, (1, 1, 1, 1), 1),
    version="clip",
)


def text_config(**changes):
    """Return the config of a tiny CLIP text model."""
    from transformers import CLIPTextConfig

    fields = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    return CLIPTextConfig(**{**fields, "projection_dim": 32, "vocab_size": 49408, **changes})


def with_mean(encoder):
    """Give the text encoder's output a mean, as trained ones have: emphasis divides by it."""
    import torch

    norm = getattr(encoder, "text_model", encoder).final_layer_norm
    torch.nn.init.constant_(norm.bias, 0.3)
    return encoder


@pytest.fixture(scope="session")
def tiny_models():
    """Build UNet, autoencoder and text encoder of GEOMETRY."""
    torch = pytest.importorskip("torch")
    diffusers = pytest.importorskip("diffusers")
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(0)
    unet = diffusers.UNet2DConditionModel(**unet_config(GEOMETRY))
    for name, weight in unet.named_parameters():
        if "attn2.to_" in name:
            torch.nn.init.normal_(weight)  # so that words matter
    vae = diffusers.AutoencoderKL(**vae_config(GEOMETRY))
    return unet, vae, with_mean(transformers.CLIPTextModel(text_config()))


@pytest.fixture(scope="session")
def tiny_file(tiny_models, tmp_path_factory):
    """Write the models as an SD 1.x-layout file with its `.yaml` and a tokenizer folder "clip" beside it."""
    from counterprompt.generation.clip_vocabulary import write_clip_tokenizer
    from counterprompt.generation.sd_layout import to_single_file, write_single_file

    folder = tmp_path_factory.mktemp("checkpoint")
    unet, vae, text = tiny_models
    state = to_single_file(unet.state_dict(), vae.state_dict(), text.state_dict(), GEOMETRY)
    write_single_file(folder / "tiny.safetensors", state, GEOMETRY, half=False)
    write_clip_tokenizer(folder / "clip")
    text.config.to_json_file(folder / "clip" / "config.json")
    return folder / "tiny.safetensors"


@pytest.fixture(scope="session")
def tiny_folder(tiny_models, tiny_file, tmp_path_factory):
    """Save the same models as a diffusers folder."""
    return saved_folder(tmp_path_factory.mktemp("diffusers"), tiny_models, tiny_file.parent / "clip")


def saved_folder(folder, models, tokenizer):
    """Save *models* with their tokenizer as a diffusers folder."""
    import json
    import shutil

    for name, model in zip(("unet", "vae", "text_encoder"), models):
        model.save_pretrained(folder / name, safe_serialization=True)
    shutil.copytree(tokenizer, folder / "tokenizer")
    noise = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000}
    (folder / "scheduler").mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text(json.dumps(noise))
    (folder / "model_index.json").write_text("{}")
    return folder


@pytest.fixture(scope="session")
def lora_folder(tmp_path_factory):
    """Write two kohya LoRAs for GEOMETRY: "style" in its names, "stylecv" the same in the file's names."""
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    torch.manual_seed(3)
    factors = {
        ("mid_block_attentions_0_transformer_blocks_0_attn2_to_k", "middle_block_1_transformer_blocks_0_attn2_to_k"): (
            torch.randn(4, 32),
            torch.randn(64, 4),
        ),
        ("down_blocks_1_resnets_0_conv1", "input_blocks_3_0_in_layers_2"): (
            torch.randn(4, 32, 3, 3) * 0.1,
            torch.randn(64, 4, 1, 1),
        ),
        ("up_blocks_0_attentions_0_proj_in", "output_blocks_0_1_proj_in"): (
            torch.randn(4, 64, 1, 1),
            torch.randn(64, 4, 1, 1),
        ),
    }
    text = {"lora_te_text_model_encoder_layers_0_self_attn_q_proj": (torch.randn(4, 32), torch.randn(32, 4))}
    folder = tmp_path_factory.mktemp("loras")
    (folder / "below").mkdir()
    for place, path in enumerate((folder / "style.safetensors", folder / "below" / "stylecv.safetensors")):
        parts = {f"lora_unet_{names[place]}": pair for names, pair in factors.items()} | text
        state = {}
        for name, (down, up) in parts.items():
            state |= {
                f"{name}.lora_down.weight": down,
                f"{name}.lora_up.weight": up,
                f"{name}.alpha": torch.tensor(2.0),
            }
        save_file(state, path, metadata={"ss_output_name": f"trained {place}"})
    return folder
