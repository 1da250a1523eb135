"""The bands of LoRA weight and CFG scale."""

import pytest

from counterprompt.negative.rules import LIMITS, RULES, cfg_band, lora_band


@pytest.mark.parametrize(
    ("weight", "rule_id"),
    [
        (None, None),
        (0.0, None),
        (0.59, "N-LORA-LEAN"),
        (0.6, "N-LORA-NORMAL"),
        (0.9, "N-LORA-NORMAL"),
        (0.91, "N-LORA-STRONG"),
    ],
)
def test_lora_bands(weight: float | None, rule_id: str | None) -> None:
    """Below 0.6 lean, to 0.9 normal, above strengthened."""
    assert rule_id == lora_band(weight)


@pytest.mark.parametrize(
    ("cfg_scale", "rule_id"),
    [
        (1.0, "N-CFG-MUTE"),
        (1.5, "N-CFG-LOW"),
        (6.0, "N-CFG-NORMAL"),
        (12.0, "N-CFG-NORMAL"),
        (12.5, "N-CFG-HARSH"),
    ],
)
def test_cfg_bands(cfg_scale: float, rule_id: str) -> None:
    """At 1 mute, below 6 low, above 12 harsh."""
    assert rule_id == cfg_band(cfg_scale)


def test_limits_belong_to_rules() -> None:
    """Each lowered limit names a rule that exists."""
    assert RULES.keys() >= LIMITS.keys()
