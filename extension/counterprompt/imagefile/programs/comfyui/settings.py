"""The settings of sampling passes, put into the WebUI's fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.comfyui.models import find_checkpoint
from counterprompt.imagefile.programs.comfyui.passes import SamplingPass, find_scale, pass_size
from counterprompt.imagefile.programs.comfyui.prompts import NEGATIVE, POSITIVE, PromptWalk
from counterprompt.imagefile.programs.comfyui.values import find_number, find_setting, find_value, find_word
from counterprompt.imagefile.programs.wording import file_stem, sampler_label, schedule_label

if TYPE_CHECKING:
    from counterprompt.imagefile.programs.comfyui.graph import Graph, Node

_ENDLESS = 10_000
_SAMPLER_NODES = {
    "SamplerEulerAncestral": "euler_ancestral",
    "SamplerDPMPP_2M_SDE": "dpmpp_2m_sde",
    "SamplerDPMPP_3M_SDE": "dpmpp_3m_sde",
    "SamplerDPMPP_SDE": "dpmpp_sde",
    "SamplerDPMPP_2S_Ancestral": "dpmpp_2s_ancestral",
    "SamplerDPMAdaptative": "dpm_adaptive",
    "SamplerLMS": "lms",
    "SamplerLCMUpscale": "lcm",
}
_SCHEDULE_NODES = {
    "KarrasScheduler": "karras",
    "ExponentialScheduler": "exponential",
    "PolyexponentialScheduler": "polyexponential",
    "AlignYourStepsScheduler": "align_your_steps",
    "SDTurboScheduler": "turbo",
    "BetaSamplingScheduler": "beta",
}


def read_sampling(graph: Graph, node: Node) -> dict[str, object]:
    """Steps, sampler, schedule type, CFG scale and seed of one sampling node."""
    guidance = next(
        (
            value
            for here in graph.upstream(node, _is_guiding)
            if (value := find_value(graph, here, "guidance")) is not None
        ),
        None,
    )
    cfg_scale = find_number(graph, node, "cfg", "cfg_conds", "guidance_scale")
    if cfg_scale is None and any(here.kind == "BasicGuider" for here in graph.upstream(node, _is_guiding)):
        cfg_scale = 1  # a guider without a negative prompt
    return {
        "Steps": find_number(graph, node, "steps"),
        "Sampler": sampler_label(find_word(graph, node, "sampler_name") or _name_by_class(graph, node, _SAMPLER_NODES)),
        "Schedule type": schedule_label(
            find_word(graph, node, "scheduler") or _name_by_class(graph, node, _SCHEDULE_NODES)
        ),
        "CFG scale": cfg_scale,
        "Distilled CFG Scale": guidance if isinstance(guidance, (int, float)) else None,
        "Seed": find_number(graph, node, "seed", "noise_seed"),
    }


def read_denoise(graph: Graph, node: Node) -> float | None:
    """How much of the noise schedule the node runs, 0 to 1; None for all of it."""
    denoise = find_number(graph, node, "denoise")
    start, steps = find_number(graph, node, "start_at_step"), find_number(graph, node, "steps")
    if denoise is None and start and steps and start < steps:
        denoise = 1 - start / steps
    return denoise if denoise is not None and denoise < 1 else None


def continues(graph: Graph, node: Node) -> bool:
    """Whether it takes over a half-denoised latent instead of adding noise of its own."""
    return find_setting(graph, node, "add_noise") in ("disable", False)


def read_second_pass(
    graph: Graph, passes: tuple[SamplingPass, ...], position: int, prompts: PromptWalk
) -> dict[str, object]:
    """The fields of the hires fix or of the refiner for the pass at *position* (1 or later), against the first pass."""
    first, later = passes[0].node, passes[position].node
    if continues(graph, later) and not _find_upscaler(graph, passes[position]):
        return _read_refiner(graph, first, later)
    base, ours = read_sampling(graph, first), read_sampling(graph, later)
    differing = {label: value for label, value in ours.items() if value != base[label]}
    return {
        "Denoising strength": read_denoise(graph, later),
        "Hires upscale": _read_factor(graph, passes, position),
        "Hires steps": differing.get("Steps"),
        "Hires upscaler": _find_upscaler(graph, passes[position]),
        "Hires sampler": differing.get("Sampler"),
        "Hires schedule type": differing.get("Schedule type"),
        "Hires CFG Scale": differing.get("CFG scale"),
        **_read_other_prompts(first, later, prompts),
    }


def _read_other_prompts(first: Node, later: Node, prompts: PromptWalk) -> dict[str, object]:
    labels = {"Hires prompt": POSITIVE, "Hires negative prompt": NEGATIVE}
    texts = {label: prompts.read(later, side).strip() for label, side in labels.items()}
    return {label: text for label, text in texts.items() if text != prompts.read(first, labels[label]).strip()}


def _read_refiner(graph: Graph, first: Node, later: Node) -> dict[str, object]:
    model = find_checkpoint(graph, later)
    start, steps = find_number(graph, later, "start_at_step"), find_number(graph, later, "steps")
    if not model or model == find_checkpoint(graph, first):
        return {}
    is_part = start and steps and 0 < start < min(steps, _ENDLESS)
    return {"Refiner": model, "Refiner switch at": start / steps if is_part and start and steps else None}


def _find_upscaler(graph: Graph, sampling: SamplingPass) -> str:
    """Label of the method that enlarged the picture before the pass; "" where nothing did."""
    scaling = [node for node in sampling.feed if any(word in node.kind.lower() for word in ("scale", "resize"))]
    for node in sorted(scaling, key=lambda node: not node.has("upscale_model")):
        loader = graph.source(node, "upscale_model")
        model = find_value(graph, loader, "model_name") if loader else None
        method = model or find_value(graph, node, "upscale_method", "resize_method", "interpolation", "method")
        name = file_stem(method) if isinstance(method, str) else "unknown"
        return f"Latent ({name})" if "Latent" in node.kind else name
    return ""


def _read_factor(graph: Graph, passes: tuple[SamplingPass, ...], position: int) -> float | None:
    before, after = pass_size(graph, passes[:position]), pass_size(graph, passes[: position + 1])
    if before and after and before != after:
        return round(after[0] / before[0], 3)
    factors = [factor for node in passes[position].feed if (factor := find_scale(graph, node)) is not None]
    return factors[0] if factors else None


def _name_by_class(graph: Graph, node: Node, names: dict[str, str]) -> str:
    kinds = (here.kind for here in graph.upstream(node, lambda name: name in ("sampler", "sigmas")))
    return next((names[kind] for kind in kinds if kind in names), "")


def _is_guiding(name: str) -> bool:
    return name.startswith(("positive", "cond", "guider"))
