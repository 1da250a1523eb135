"""How this host is set to heed the negative prompt of a generation."""

from __future__ import annotations

from typing import Any

from counterprompt.negative.muteness import Guidance
from counterprompt.webui.served import checkpoint_name


def guidance_of(p: Any) -> Guidance:
    """Read it off *p*, the host's options and the loaded model."""
    from modules.shared import opts

    skip_sigma = p.s_min_uncond if getattr(p, "s_min_uncond", None) is not None else getattr(opts, "s_min_uncond", 0)
    return Guidance(
        cfg_scale=float(p.cfg_scale),
        is_distilled=is_distilled(),
        checkpoint=checkpoint_name(),
        skipped_share=_number(getattr(opts, "skip_early_cond", 0)),
        skip_sigma=_number(skip_sigma),
        hires_cfg=_hires_cfg(p),
    )


def is_distilled() -> bool:
    """Whether the loaded model has its guidance built in; False before a first picture where the host loads late."""
    from modules import sd_models

    model = getattr(getattr(sd_models, "model_data", None), "sd_model", None)
    return bool(getattr(model, "use_distilled_cfg_scale", False))


def _hires_cfg(p: Any) -> float | None:
    """Return the hires pass's own scale; 0 means the first pass's (reForge)."""
    if not getattr(p, "enable_hr", False):
        return None
    return _number(getattr(p, "hr_cfg", 0)) or None


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
