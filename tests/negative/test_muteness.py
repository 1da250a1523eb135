"""Tests for the reasons why a negative prompt is not heeded."""

from __future__ import annotations

import pytest

from counterprompt.negative.muteness import Guidance, find_muteness


@pytest.mark.parametrize(
    ("guidance", "found"),
    [
        (Guidance(7.0), []),
        (Guidance(7.0, hires_cfg=5.0), []),
        (Guidance(1.0), [("N-MUTE-CFG", True)]),
        (Guidance(1.0, is_distilled=True), [("N-MUTE-DISTILLED", True)]),
        (Guidance(3.5, is_distilled=True), []),
        (Guidance(7.0, hires_cfg=1.0), [("N-MUTE-HIRES", False)]),
        (Guidance(7.0, skipped_share=0.3), [("N-MUTE-EARLY", False)]),
        (Guidance(7.0, skipped_share=1.0), [("N-MUTE-EARLY", True)]),
        (Guidance(7.0, skip_sigma=1.5), [("N-MUTE-NGMS", False)]),
        (Guidance(1.0, hires_cfg=1.0, skip_sigma=2.0), [("N-MUTE-CFG", True), ("N-MUTE-NGMS", False)]),
    ],
)
def test_each_reason_is_found(guidance: Guidance, found: list[tuple[str, bool]]) -> None:
    """Every setting that mutes the negative prompt is named, and whether it does so altogether."""
    assert found == [(each.rule_id, each.is_total) for each in find_muteness(guidance)]


@pytest.mark.parametrize(
    ("checkpoint", "said"), [("sdxl_turbo.safetensors", "1.5 to 2"), ("turbulence", "5 to 8"), ("juggernaut", "5 to 8")]
)
def test_the_remedy_suits_the_checkpoint(checkpoint: str, said: str) -> None:
    """A checkpoint whose name says that it is distilled must not be driven with a usual CFG scale."""
    assert said in find_muteness(Guidance(1.0, checkpoint=checkpoint))[0].text
