"""Requests as `txt2img` of a WebUI's API takes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from counterprompt.ports import GenerationRequest


def consecutive_batches(requests: Sequence[GenerationRequest], largest: int) -> Iterator[list[GenerationRequest]]:
    """Cut *requests* into batches of at most *largest*, the seed of each request one above the last one's.

    That is how the host counts seeds up within a batch.
    """
    batch: list[GenerationRequest] = []
    for request in requests:
        if batch and (len(batch) == largest or request != replace(batch[-1], seed=batch[-1].seed + 1)):
            yield batch
            batch = []
        batch.append(request)
    if batch:
        yield batch


def txt2img_body(request: GenerationRequest, count: int) -> dict[str, Any]:
    """Return the body that asks for *request* and the *count* - 1 seeds after its own."""
    return {
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "seed": request.seed,
        "subseed": 0,
        "subseed_strength": 0,
        "steps": request.steps,
        "sampler_name": request.sampler_name,
        "scheduler": request.scheduler or "Automatic",
        "cfg_scale": request.cfg_scale,
        "width": request.width,
        "height": request.height,
        "batch_size": count,
        "n_iter": 1,
        "s_min_uncond": 0,  # above 0 the negative prompt is mute in some steps
        "send_images": True,
        "save_images": False,
        "do_not_save_samples": True,
        "do_not_save_grid": True,
    }
