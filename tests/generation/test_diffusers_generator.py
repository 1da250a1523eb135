"""Pictures from a local checkpoint."""

import numpy as np
import pytest

from counterprompt.errors import GeneratorError
from counterprompt.generation.diffusers_generator import DiffusersGenerator
from counterprompt.ports import GenerationRequest

pytest.importorskip("torch")
pytest.importorskip("diffusers")


def a_request(**changes):
    fields = {"prompt": "a red house", "negative_prompt": "blurry", "seed": 1, "steps": 3, "width": 32, "height": 32}
    return GenerationRequest(**{**fields, **changes})


@pytest.fixture(scope="module")
def generator(tiny_file, lora_folder):
    return DiffusersGenerator(tiny_file, lora_folder, device="cpu", batch_size=3)


def pixels(pictures):
    return np.stack([np.asarray(picture).astype(int) for picture in pictures])


def difference(first, second):
    return int(np.abs(first - second).max())


def test_pictures_are_rgb_of_the_size_asked_for(generator):
    """One RGB picture of the request's size comes back per request."""
    pictures = generator.generate([a_request(width=64, height=32)])

    assert [("RGB", (64, 32))] == [(picture.mode, picture.size) for picture in pictures]
    assert [] == generator.generate([])


@pytest.mark.parametrize("sampler_name", ["Euler", "Euler a", "DDIM", "DPM++ 2M"])
def test_a_picture_does_not_depend_on_its_batch(generator, sampler_name):
    """A request gives the same picture alone, in a batch, and among requests that cannot share its batch."""
    long = "house, " * 60
    requests = [
        a_request(seed=1, sampler_name=sampler_name),
        a_request(seed=2, negative_prompt=long, sampler_name=sampler_name),
        a_request(seed=3, prompt=long, sampler_name=sampler_name),
        a_request(seed=4, sampler_name=sampler_name),
        a_request(seed=5, cfg_scale=3.0, sampler_name=sampler_name),
        a_request(seed=6, prompt="house <lora:style:0.8>", sampler_name=sampler_name),
        a_request(seed=7, negative_prompt="[blurry:noise:0.5]", sampler_name=sampler_name),
    ]

    together = pixels(generator.generate(requests))
    alone = pixels([generator.generate([request])[0] for request in requests])

    assert difference(together, alone) <= 1
    assert 7 == len({picture.tobytes() for picture in together})


@pytest.mark.parametrize(
    ("changes", "matters"),
    [
        ({}, False),
        ({"seed": 2}, True),
        ({"negative_prompt": "watermark"}, True),
        ({"negative_prompt": "(blurry:1.5), noise"}, True),
        ({"prompt": "a (red:1.4) house"}, True),
        ({"prompt": "a red house <lora:style:0>"}, False),
        ({"prompt": "a red house# (blue:1.9) <lora:style:0.9>", "negative_prompt": "blurry# noise"}, False),
        ({"prompt": "a red house <lora:style:0.9>"}, True),
        ({"clip_skip": 2}, True),
        ({"cfg_scale": 5.0}, True),
        ({"scheduler": "Karras"}, True),
    ],
)
def test_what_changes_a_picture(generator, changes, matters):
    """Every part of the request matters, but neither a LoRA of weight 0 nor a comment does."""
    plain, other = (pixels(generator.generate([request]))[0] for request in (a_request(), a_request(**changes)))

    assert matters == (difference(plain, other) > 1)


def test_negative_prompt_is_mute_at_cfg_1(generator):
    """At CFG 1 any two negative prompts give one picture."""
    pictures = pixels(generator.generate([a_request(cfg_scale=1.0, negative_prompt=text) for text in ("", "blurry")]))

    assert 0 == difference(*pictures)


def test_loras_are_named_and_taken_out_again(generator):
    """The folder's LoRAs are listed, and using one leaves nothing behind."""
    before = pixels(generator.generate([a_request()]))
    generator.generate([a_request(prompt="a red house <lora:style:0.9:0.2>")])

    assert frozenset({"style", "stylecv"}) == generator.lora_names()
    assert 0 == difference(before, pixels(generator.generate([a_request()])))


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"prompt": "<lora:nope:1>"}, "nope"),
        ({"prompt": "<hypernet:x:1>"}, "hypernet"),
        ({"prompt": "<lora:style:much>"}, "not a number"),
        ({"sampler_name": "Nope"}, "Euler a"),
        ({"scheduler": "Nope"}, "Karras"),
        ({"steps": 0}, "steps 0"),
        ({"seed": -1}, "seed -1"),
        ({"width": 33}, "33x32"),
        ({"height": 100_000}, "height 100000"),
        ({"clip_skip": 3}, "clip_skip 3"),
        ({"cfg_scale": float("nan")}, "cfg_scale nan"),
    ],
)
def test_requests_that_cannot_be_served_are_refused_first(generator, changes, hint):
    """A bad request is refused in one sentence naming the value."""
    with pytest.raises(GeneratorError, match=hint):
        generator.generate([a_request(), a_request(**changes)])


def test_diffusers_folder_gives_the_same_picture(generator, tiny_folder):
    """The same weights give the same picture from either layout."""
    folder = DiffusersGenerator(tiny_folder, device="cpu")

    assert difference(pixels(generator.generate([a_request()])), pixels(folder.generate([a_request()]))) <= 1
    assert f"diffusers: {tiny_folder}" == folder.name
    assert (8, frozenset()) == (folder.batch_size, folder.lora_names())


@pytest.fixture(scope="module")
def tiny_sdxl(tiny_models, tiny_folder, tmp_path_factory):
    """Save a tiny checkpoint with SDXL's second text encoder and its knowledge of the picture's size."""
    import shutil

    import torch
    from diffusers import UNet2DConditionModel
    from transformers import CLIPTextModelWithProjection

    torch.manual_seed(4)
    folder = tmp_path_factory.mktemp("sdxl") / "tiny"
    shutil.copytree(tiny_folder, folder)
    shutil.rmtree(folder / "unet")
    shutil.copytree(tiny_folder / "tokenizer", folder / "tokenizer_2")
    second = CLIPTextModelWithProjection(tiny_models[2].config)
    second.save_pretrained(folder / "text_encoder_2", safe_serialization=True)
    UNet2DConditionModel(
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=64,
        attention_head_dim=(4, 4),
        transformer_layers_per_block=(1, 2),
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=32 + 6 * 8,
    ).save_pretrained(folder / "unet")
    return DiffusersGenerator(folder, device="cpu")


def test_sdxl_folder_generates(tiny_sdxl):
    """A folder with two text encoders generates, alone as in a batch, and every prompt part matters."""
    requests = [
        a_request(),
        a_request(negative_prompt=""),
        a_request(prompt="a (blue:1.5) house"),
        a_request(width=64),
        a_request(prompt="house, " * 60),
    ]

    together = [np.asarray(picture).astype(int) for picture in tiny_sdxl.generate(requests)]
    alone = [np.asarray(tiny_sdxl.generate([request])[0]).astype(int) for request in requests]

    assert all(difference(*pair) <= 1 for pair in zip(together, alone))
    assert len({picture.tobytes() for picture in together}) == 5
