"""How far the numbers of a study may go: one table for the command line and job files, and for most of REST."""

from __future__ import annotations

from typing import Final

CFG_SCALES: Final = (1.0, 30.0)
"""Lowest and highest end of a range of CFG scales."""

LORA_WEIGHTS: Final = (-2.0, 2.0)
"""Lowest and highest end of a range of LoRA weights."""

MINUTES: Final = (0.1, 100_000.0)
"""Shortest and longest limit in minutes."""

WEIGHTS: Final = ("aesthetic", "artifacts", "fidelity", "signals", "preference")
"""Components of the objective; see `search.score_weights.ScoreWeights`."""

WEIGHT_LIMITS: Final = (0.0, 10.0)
"""How little and how much a component may count."""

GUARDS: Final = ("clipped", "saturation", "noise", "flatness", "fidelity")
"""What must not get worse; see `search.guard_limits.GuardLimits`."""

GUARD_LIMITS: Final = (0.001, 10.0)
"""How little and how far a guard may move before it is broken."""
