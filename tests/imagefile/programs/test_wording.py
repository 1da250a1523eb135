"""Shared words."""

import pytest

from counterprompt.imagefile.programs.wording import file_stem, lora_tag, sampler_label, schedule_label, with_lora_tags


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("euler_ancestral", "Euler a"),
        ("sample_dpmpp_2m", "DPM++ 2M"),
        ("dpmpp_2m_sde_gpu", "DPM++ 2M SDE"),
        ("k_dpmpp_2s_ancestral", "DPM++ 2S a"),
        ("k_euler_a", "Euler a"),
        ("kdpm_2_a", "DPM2 a"),
        ("uni_pc_bh2", "UniPC"),
        ("DPM++ 2M", "DPM++ 2M"),
        ("res_multistep", "res_multistep"),
        ("", ""),
    ],
)
def test_samplers_have_the_webuis_labels(name: str, label: str) -> None:
    """Names of k-diffusion, of ComfyUI's first versions, of NovelAI and InvokeAI; unknown ones stay."""
    assert label == sampler_label(name)


@pytest.mark.parametrize(
    ("name", "label"), [("karras", "Karras"), ("sgm_uniform", "SGM Uniform"), ("gits", "gits"), ("", "")]
)
def test_schedules_have_the_webuis_labels(name: str, label: str) -> None:
    """Known schedule types get their label, unknown ones stay."""
    assert label == schedule_label(name)


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("SDXL\\pony\\ponyV6.safetensors", "ponyV6"),
        ("models/v1.5.ckpt", "v1.5"),
        ("ckpt", "ckpt"),
        ("v1-5", "v1-5"),
        ("a.b-Q4_0.gguf", "a.b-Q4_0"),
        ("", ""),
    ],
)
def test_file_names_lose_folders_and_endings(path: str, stem: str) -> None:
    """Only endings of weights files are cut, so that a version stays whole."""
    assert stem == file_stem(path)


@pytest.mark.parametrize(
    ("weights", "tag"),
    [((0.8,), "<lora:a:0.8>"), ((1.0, 1), "<lora:a:1>"), ((0.8, 0.5), "<lora:a:0.5:0.8>"), ((None,), "<lora:a:1>")],
)
def test_lora_tags_name_both_weights_where_they_differ(weights: tuple[float, ...], tag: str) -> None:
    """The WebUI's order is text encoder, then U-Net."""
    assert tag == lora_tag("x/a.safetensors", *weights)


def test_lora_tags_are_appended_once() -> None:
    """A LoRA that the prompt names already is not named again."""
    assert "cat <lora:a:1> <lora:b:1>" == with_lora_tags("cat <lora:a:1>", ["<lora:a:0.5>", "<lora:b:1>", "<lora:b:1>"])
    assert "<lora:b:1>" == with_lora_tags("", ["<lora:b:1>"])
