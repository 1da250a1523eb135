"""Whole ComfyUI pictures."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from counterprompt.imagefile.programs.comfyui.read import read_comfyui
from counterprompt.imagefile.programs.reading import ProgramReading
from counterprompt.imagefile.texts import EmbeddedTexts

Reader = Callable[..., ProgramReading]
LINE = "Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 42, Size: 512x768, Model: dream"
SECOND: dict[str, Any] = {
    "seed": 42,
    "steps": 10,
    "cfg": 5,
    "sampler_name": "euler",
    "scheduler": "karras",
    "denoise": 0.5,
    "model": ["model", 0],
    "positive": ["other", 0],
    "negative": ["bad", 0],
    "latent_image": ["bigger", 0],
}
HIRES: dict[str, tuple[str, dict[str, Any]]] = {
    "other": ("CLIPTextEncode", {"text": "a fat cat", "clip": ["model", 1]}),
    "bigger": ("LatentUpscaleBy", {"samples": ["sampler", 0], "upscale_method": "bislerp", "scale_by": 1.5}),
    "second": ("KSampler", SECOND),
    "decode": ("VAEDecode", {"samples": ["second", 0]}),
}


def test_text_to_image_is_put_into_the_webuis_words(read: Reader) -> None:
    """The graph that ComfyUI starts with."""
    reading = read()

    assert f"a cat\nNegative prompt: blurry\n{LINE}, App: ComfyUI" == reading.infotext
    assert ("ComfyUI", ()) == (reading.program, reading.notes)


def test_an_enlarging_second_pass_is_the_hires_fix(read: Reader) -> None:
    """What differs from the first pass takes the hires fix's fields."""
    reading = read(HIRES)

    assert (
        f"a cat\nNegative prompt: blurry\n{LINE}, Denoising strength: 0.5, Hires upscale: 1.5, "
        "Hires upscaler: Latent (bislerp), Hires steps: 10, Hires sampler: Euler, Hires CFG Scale: 5, "
        "Hires prompt: a fat cat, App: ComfyUI"
    ) == reading.infotext


def test_a_size_without_end_is_none(read: Reader) -> None:
    """A whole number of 400 digits times the factor of the hires fix is nothing to reckon with, and no crash."""
    reading = read({**HIRES, "empty": ("EmptyLatentImage", {"width": 10**400, "height": 10**400})})

    assert "a cat" == reading.params.prompt
    assert reading.params.size is None


def test_an_upscaling_model_names_the_hires_fix(read: Reader) -> None:
    """The model counts more than the method that scales its result down."""
    reading = read(
        {
            **HIRES,
            "upmodel": ("UpscaleModelLoader", {"model_name": "4x-UltraSharp.pth"}),
            "pixels": ("VAEDecode", {"samples": ["sampler", 0]}),
            "four": ("ImageUpscaleWithModel", {"upscale_model": ["upmodel", 0], "image": ["pixels", 0]}),
            "two": ("ImageScale", {"image": ["four", 0], "upscale_method": "bicubic", "width": 1024, "height": 1536}),
            "bigger": ("VAEEncode", {"pixels": ["two", 0], "vae": ["model", 2]}),
        }
    )

    assert ("4x-UltraSharp", 2.0) == (reading.params.hires_upscaler, reading.params.hires_upscale)


def test_a_continuing_pass_with_other_weights_is_the_refiner(read: Reader) -> None:
    """SDXL's base and refiner share one schedule."""
    advanced = {
        "noise_seed": 42,
        "steps": 20,
        "cfg": 7.5,
        "sampler_name": "dpmpp_2m",
        "scheduler": "karras",
        "positive": ["good", 0],
        "negative": ["bad", 0],
    }
    base = {**advanced, "model": ["model", 0], "latent_image": ["empty", 0], "start_at_step": 0, "end_at_step": 16}
    late = {**advanced, "model": ["ref", 0], "latent_image": ["sampler", 0], "start_at_step": 16, "noise_seed": 0}
    reading = read(
        {
            "ref": ("CheckpointLoaderSimple", {"ckpt_name": "refiner.safetensors"}),
            "sampler": ("KSamplerAdvanced", {**base, "add_noise": "enable"}),
            "late": ("KSamplerAdvanced", {**late, "add_noise": "disable"}),
            "decode": ("VAEDecode", {"samples": ["late", 0]}),
        }
    )

    assert f"{LINE}, Refiner: refiner, Refiner switch at: 0.8, App: ComfyUI" == reading.infotext.split("\n")[-1]


def test_loras_and_embeddings_are_written_as_the_webui_writes_them(read: Reader) -> None:
    """LoRAs become tags in the prompt, embeddings bare names."""
    reading = read(
        {
            "lora": (
                "LoraLoader",
                {"model": ["model", 0], "lora_name": "d/e.pt", "strength_model": 0.5, "strength_clip": 1},
            ),
            "sampler": ("KSampler", {"model": ["lora", 0]}),
            "bad": ("CLIPTextEncode", {"text": "(embedding:sd15/bad-hands.pt:1.2), blurry"}),
        }
    )

    assert ("a cat <lora:e:1:0.5>", "(bad-hands:1.2), blurry") == (
        reading.params.prompt,
        reading.params.negative_prompt,
    )


def test_image_to_image_has_the_pictures_size(read: Reader) -> None:
    """Where the graph names no size, the picture's own is the one it was sampled at."""
    loaded = {
        "photo": ("LoadImage", {"image": "x.png"}),
        "empty": ("VAEEncode", {"pixels": ["photo", 0], "vae": ["model", 2]}),
        "sampler": ("KSampler", {"denoise": 0.87}),
    }
    gen_params = read(loaded, 640, 480).params

    assert ((640, 480), 0.87) == (gen_params.size, gen_params.denoising_strength)


def test_what_was_not_understood_is_noted(read: Reader) -> None:
    """A repainted face, a merged checkpoint, and more passes than the WebUI knows."""
    detailer = {"image": ["decode", 0], "positive": ["good", 0], "sampler_name": "euler", "steps": 5}
    faces = read({"face": ("FaceDetailer", detailer), "save": ("SaveImage", {"images": ["face", 0]})})
    third = {**SECOND, "latent_image": ["second", 0]}
    many = read({**HIRES, "third": ("KSampler", third), "decode": ("VAEDecode", {"samples": ["third", 0]})})

    assert "'FaceDetailer'" in faces.notes[0]
    assert f"{LINE}, App: ComfyUI" in faces.infotext
    assert "3 times" in many.notes[0]


def test_a_graph_without_samplers_says_so() -> None:
    """The program is known, the settings are not."""
    reading = read_comfyui(EmbeddedTexts({"prompt": '{"1": {"class_type": "Odd", "inputs": {}}}'}, 4, 4))

    assert reading is not None
    assert ("ComfyUI", "", 1) == (reading.program, reading.infotext, len(reading.notes))


def test_the_drawing_stands_in_for_a_broken_graph() -> None:
    """Cut-off or missing graphs are replaced by the editor's drawing, with a note."""
    sampler = {
        "id": 3,
        "type": "KSampler",
        "inputs": [{"name": "positive", "link": 1}, {"name": "latent_image", "link": 2}],
        "widgets_values": [42, "fixed", 20, 7.5, "euler", "normal", 1],
    }
    text = {"id": 6, "type": "CLIPTextEncode", "widgets_values": ["a cat"]}
    latent = {"id": 5, "type": "EmptyLatentImage", "widgets_values": [512, 768, 1]}
    drawing = {"nodes": [sampler, text, latent], "links": [[1, 6, 0, 3, 0, "X"], [2, 5, 0, 3, 1, "LATENT"]]}
    reading = read_comfyui(EmbeddedTexts({"prompt": "{", "workflow": json.dumps(drawing)}, 4, 4))

    assert reading is not None
    assert ("a cat", 42, (512, 768)) == (reading.params.prompt, reading.params.seed, reading.params.size)
    assert "drawing" in reading.notes[0]


@pytest.mark.parametrize("texts", [{}, {"prompt": "a cat"}, {"prompt": "{}"}, {"workflow": "[]"}])
def test_other_texts_are_not_ours(texts: dict[str, str]) -> None:
    """A prompt in plain words is another program's."""
    assert read_comfyui(EmbeddedTexts(texts, 4, 4)) is None


@pytest.mark.parametrize("kind", ["SaveImage", "KSampler", "CLIPTextEncode", "LoraLoader", "LatentUpscale"])
def test_huge_graphs_take_no_time(kind: str, in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """Thousands of nodes in a chain, each linked by every name, are read or declined in seconds on a busy machine."""
    links = ("images", "latent_image", "positive", "negative", "model", "clip", "text", "samples", "sampler_name")
    nodes = {
        str(number): {"class_type": kind, "inputs": {name: [str(number + 1), 0] for name in links}}
        for number in range(10_000)
    }
    nodes["0"] = {"class_type": "SaveImage", "inputs": {"images": ["1", 0]}}
    text = json.dumps(nodes)

    with in_time(5):
        read_comfyui(EmbeddedTexts({"prompt": text}, 4, 4))
