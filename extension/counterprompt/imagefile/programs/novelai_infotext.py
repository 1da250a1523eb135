"""NovelAI's PNG texts, put into the WebUI's words as its own PNG Info does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAMPLER_LABELS = {
    "ddim": "DDIM",
    "k_dpm_2": "DPM2",
    "k_dpm_2_ancestral": "DPM2 a",
    "k_dpm_fast": "DPM fast",
    "k_dpmpp_2m": "DPM++ 2M",
    "k_dpmpp_2m_sde": "DPM++ 2M SDE",
    "k_dpmpp_sde": "DPM++ SDE",
    "k_euler": "Euler",
    "k_euler_ancestral": "Euler a",
    "k_heun": "Heun",
    "k_lms": "LMS",
    "plms": "PLMS",
}
"""NovelAI's sampler to the WebUI's label; any other counts as "Euler a", as it does in the WebUI."""


def is_novelai(texts: Mapping[str, str]) -> bool:
    """Whether the picture says that NovelAI made it."""
    return texts.get("Software") == "NovelAI"


def render_novelai(texts: Mapping[str, str], size: tuple[int, int]) -> str | None:
    """Put NovelAI's texts into an infotext, or return None where they are incomplete.

    NovelAI's models ran with Clip skip 2 and ENSD 31337 (WebUI 1.10.1, modules/images.py); *size* is in pixels.
    """
    try:
        comment = json.loads(texts["Comment"])
        sampler = _SAMPLER_LABELS.get(comment["sampler"], "Euler a")
        lines = (
            texts["Description"],
            f"Negative prompt: {comment['uc']}",
            f"Steps: {comment['steps']}, Sampler: {sampler}, CFG scale: {comment['scale']}, Seed: {comment['seed']}, "
            f"Size: {size[0]}x{size[1]}, Clip skip: 2, ENSD: 31337",
        )
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    return "\n".join(lines)
