"""How much each component of a score counts; light, since pages show it before anything is searched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScoreWeights:
    """How much each component counts, in the user's judgement. Zero leaves one out."""

    aesthetic: float = 0.4
    """Reward for each spread gained in the aesthetic score."""
    artifacts: float = 0.6
    """Reward for each spread lost in the mean artifact probability."""
    fidelity: float = 0.5
    """Cost of each spread of prompt fidelity lost beyond the slack."""
    signals: float = 0.5
    """Cost of each unit that a guard is broken by."""
    preference: float = 0.4
    """Reward for each spread gained in what a preference model says, where one is asked."""
