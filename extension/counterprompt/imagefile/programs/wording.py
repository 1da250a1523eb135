"""Words that several programs share, put into the WebUI's: sampler and schedule names, file names, LoRA tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.reading import format_value

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAMPLERS = {
    "euler": "Euler",
    "euler_ancestral": "Euler a",
    "heun": "Heun",
    "dpm_2": "DPM2",
    "dpm_2_ancestral": "DPM2 a",
    "dpm_fast": "DPM fast",
    "dpm_adaptive": "DPM adaptive",
    "dpmpp_2s_ancestral": "DPM++ 2S a",
    "dpmpp_sde": "DPM++ SDE",
    "dpmpp_2m": "DPM++ 2M",
    "dpmpp_2m_sde": "DPM++ 2M SDE",
    "dpmpp_2m_sde_heun": "DPM++ 2M SDE Heun",
    "dpmpp_3m_sde": "DPM++ 3M SDE",
    "lms": "LMS",
    "ddim": "DDIM",
    "ddpm": "DDPM",
    "lcm": "LCM",
    "plms": "PLMS",
    "restart": "Restart",
    "uni_pc": "UniPC",
    "uni_pc_bh2": "UniPC",
}
"""k-diffusion's names, as ComfyUI, Fooocus and SwarmUI write them, to the WebUI's labels."""
_SAMPLER_ALIASES = {
    "euler_a": "euler_ancestral",
    "dpmpp_2s": "dpmpp_2s_ancestral",
    "dpmpp_2s_a": "dpmpp_2s_ancestral",
    "dpm2": "dpm_2",
    "dpm2_a": "dpm_2_ancestral",
    "dpm_2_a": "dpm_2_ancestral",
    "kdpm_2": "dpm_2",
    "kdpm_2_a": "dpm_2_ancestral",
    "dpmpp_2": "dpmpp_2m",
    "dpmpp_3m": "dpmpp_3m_sde",
    "dpmpp_3": "dpmpp_3m_sde",
    "unipc": "uni_pc",
    "unipc_tu": "uni_pc",
    "unipc_tq": "uni_pc",
    "unipc_snr": "uni_pc",
    "unipc_snr_2": "uni_pc",
}
_SCHEDULES = {
    "normal": "Normal",
    "karras": "Karras",
    "exponential": "Exponential",
    "polyexponential": "Polyexponential",
    "sgm_uniform": "SGM Uniform",
    "simple": "Simple",
    "ddim_uniform": "DDIM",
    "beta": "Beta",
    "kl_optimal": "KL Optimal",
    "align_your_steps": "Align Your Steps",
    "turbo": "Turbo",
    "uniform": "Uniform",
    "native": "Automatic",
    "linear_quadratic": "Linear Quadratic",
}
_ENDINGS = frozenset({"safetensors", "ckpt", "pt", "pth", "bin", "gguf", "sft", "onnx", "diffusers", "vae"})


def sampler_label(name: str) -> str:
    """Name a sampler as the WebUI does; one that the WebUI lacks keeps its own name."""
    bare_name = name.strip().removeprefix("sample_")
    key = bare_name.removeprefix("k_").lower().removesuffix("_gpu")
    return _SAMPLERS.get(_SAMPLER_ALIASES.get(key, key), bare_name)


def schedule_label(name: str) -> str:
    """Name a schedule type as the WebUI does; one that the WebUI lacks keeps its own name."""
    return _SCHEDULES.get(name.strip().lower(), name.strip())


def file_stem(path: str) -> str:
    """Name of a weights file without folders, of Windows or of others, and without its ending."""
    line = path.strip().partition("\n")[0]
    name = line[max(line.rfind("/"), line.rfind("\\")) + 1 :]
    stem, dot, ending = name.rpartition(".")
    return stem if dot and ending.lower() in _ENDINGS else name


def lora_tag(name: str, unet_weight: object, text_encoder_weight: object = None) -> str:
    """Write `<lora:name:weight>`, or `<lora:name:text encoder:unet>` where the two weights differ."""
    unet = format_value(unet_weight) or "1"
    text_encoder = format_value(text_encoder_weight) or unet
    weights = unet if unet == text_encoder else f"{text_encoder}:{unet}"
    return f"<lora:{file_stem(name)}:{weights}>"


def with_lora_tags(prompt: str, tags: Sequence[str]) -> str:
    """Append the LoRA tags that *prompt* does not hold already, each once."""
    missing = [tag for tag in dict.fromkeys(tags) if tag.rpartition(":")[0] not in prompt]
    return " ".join(part for part in (prompt.rstrip(), *missing) if part)
