"""The antonym probes of the miniature's CLIP: what a good and a bad picture is called, for each defect."""

from __future__ import annotations

from typing import Final

PROBES: Final = {
    "blurry": (("sharp picture", "blurry picture"), ("in focus", "out of focus")),
    "noisy": (("clean picture", "noisy picture"), ("smooth", "grainy")),
    "overexposed": (("well exposed picture", "overexposed picture"), ("rich colors", "washed out")),
    "watermark": (("unmarked picture", "picture with a watermark"), ("no logo", "logo")),
    "bad anatomy": (("good anatomy", "bad anatomy"), ("two arms", "extra arms")),
    "vignette": (("even light", "vignette"), ("bright corners", "dark corners")),
}
"""Defect to pairs of (good text, bad text); the layout of probes.json."""
