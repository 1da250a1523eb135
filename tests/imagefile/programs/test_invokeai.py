"""InvokeAI's second and third generation (invoke-ai/InvokeAI: ldm/invoke/pngwriter.py, app/invocations/metadata.py)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from counterprompt.imagefile.programs.invokeai import read_invokeai
from counterprompt.imagefile.programs.reading import ProgramReading
from counterprompt.imagefile.texts import EmbeddedTexts

Reader = Callable[..., ProgramReading]
THIRD: dict[str, Any] = {
    "app_version": "4.2.7",
    "generation_mode": "sdxl_txt2img",
    "positive_prompt": "a cat",
    "negative_prompt": "blurry",
    "positive_style_prompt": "oil painting",
    "negative_style_prompt": "blurry",
    "width": 1024,
    "height": 768,
    "seed": 3293022630,
    "cfg_scale": 7.5,
    "steps": 30,
    "scheduler": "dpmpp_2m_sde_k",
    "clip_skip": 1,
    "model": {"key": "x", "hash": "blake3:aa", "name": "juggernautXL", "base": "sdxl", "type": "main"},
    "vae": {"name": "VAEFix"},
    "loras": [{"model": {"name": "detail"}, "weight": 0.75}],
    "controlnets": [{"control_model": {}}],
}
SECOND: dict[str, Any] = {
    "model": "stable diffusion",
    "model_weights": "stable-diffusion-1.5",
    "app_id": "invoke-ai/InvokeAI",
    "app_version": "2.2.3",
    "image": {
        "prompt": [{"prompt": "a cat [blurry, bad]", "weight": 1.0}],
        "steps": 50,
        "cfg_scale": 7.5,
        "width": 512,
        "height": 704,
        "seed": 42,
        "sampler": "k_euler_a",
        "type": "txt2img",
    },
}


def test_the_third_generation_is_put_into_the_webuis_words(read: Reader) -> None:
    """Names since 4.0, the style prompt, the skipped layer that InvokeAI counts from 0, and the ControlNet."""
    reading = read({"invokeai_metadata": json.dumps(THIRD), "invokeai_graph": "{}"})

    assert (
        "a cat, oil painting <lora:detail:0.75>\nNegative prompt: blurry\n"
        "Steps: 30, Sampler: DPM++ 2M SDE, Schedule type: Karras, CFG scale: 7.5, Seed: 3293022630, Size: 1024x768, "
        "Model: juggernautXL, VAE: VAEFix, Clip skip: 2, App version: 4.2.7, App: InvokeAI"
    ) == reading.infotext
    assert "ControlNet" in reading.notes[0]


def test_names_before_version_4_are_read(read: Reader) -> None:
    """Before 4.0 names stand under `model_name`, a LoRA's under `lora`, and there may be a refiner."""
    old = {**THIRD, "model": {"model_name": "sdxl"}, "loras": [{"lora": {"model_name": "detail"}, "weight": 1}]}
    gen_params = read(
        {"invokeai_metadata": json.dumps({**old, "refiner_model": {"model_name": "ref"}, "refiner_start": 0.8})}
    ).params

    assert ("sdxl", "ref", "0.8") == (
        gen_params.model_name,
        gen_params.text("Refiner"),
        gen_params.text("Refiner switch at"),
    )
    assert "<lora:detail:1>" in gen_params.prompt


@pytest.mark.parametrize(
    ("base", "prompt", "notes"),
    [
        ("sdxl", "a (cat:1.21), oil painting <lora:detail:0.75>", 2),
        (None, "a (cat:1.21), oil painting <lora:detail:0.75>", 2),
        ("flux", r"a \(cat\)++, oil painting <lora:detail:0.75>", 2),
    ],
)
def test_emphasis_is_in_the_webuis_words(read: Reader, base: str | None, prompt: str, notes: int) -> None:
    """Compel's signs become weights for the models whose prompts it reads; for others every bracket is text."""
    model = {"name": "m", **({"base": base} if base else {})}
    reading = read({"invokeai_metadata": json.dumps({**THIRD, "positive_prompt": "a (cat)++", "model": model})})

    assert (prompt, notes) == (reading.params.prompt, len(reading.notes))
    assert "a (cat)++, oil painting" in reading.notes[0]


def test_operations_on_prompts_are_noted(read: Reader) -> None:
    """A blend stays as it is written, and a note says so."""
    blend = '("a cat", "a dog").blend(1, 0.8)'
    reading = read({"invokeai_metadata": json.dumps({**THIRD, "positive_prompt": blend, "positive_style_prompt": ""})})

    assert reading.params.prompt.startswith(blend)
    assert ".blend()" in reading.notes[0]


@pytest.mark.parametrize("prompt", [[{"prompt": "a cat [blurry, bad]", "weight": 1.0}], "a cat [blurry, bad]"])
def test_the_second_generation_has_its_negative_in_brackets(read: Reader, prompt: object) -> None:
    """The prompt is a list of weighted parts, or a text; what stands in brackets is its negative."""
    image = {**SECOND["image"], "prompt": prompt}
    reading = read({"sd-metadata": json.dumps({**SECOND, "image": image}), "Dream": '"x" -s 1 -S 2 -C 3'})

    assert (
        "a cat\nNegative prompt: blurry, bad\nSteps: 50, Sampler: Euler a, CFG scale: 7.5, Seed: 42, Size: 512x704, "
        "Model: stable-diffusion-1.5, App version: 2.2.3, App: InvokeAI"
    ) == reading.infotext


@pytest.mark.parametrize("key", ["invokeai_metadata", "sd-metadata", "Dream"])
@pytest.mark.parametrize("text", ["", "{", "[]", '{"image": 3}', '{"loras": {"a": 1}, "model": "x", "seed": []}'])
def test_broken_texts_are_no_error(key: str, text: str) -> None:
    """Whatever the text is, something is read or nothing."""
    reading = read_invokeai(EmbeddedTexts({key: text}, 4, 4))

    assert reading is None or "" == reading.params.prompt
