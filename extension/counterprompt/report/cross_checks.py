"""What is told beside the proof: how much of the gain is guidance, and what a scorer says that had no part in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CfgShare:
    """The winner with the user's own CFG scale, on some of the held-out seeds."""

    own_cfg_scale: float
    """The user's own."""
    seeds: int
    """On how many held-out seeds it was drawn."""
    gain: float
    """Mean gain that is left without the change of the CFG scale, in the units of the gain."""
    ci95: tuple[float, float]
    """Ends of its 95 % interval."""
    winner_gain: float
    """Mean gain of the winner as it is, on the same seeds."""
    cfg_gain: float
    """What the change of the CFG scale adds."""
    cfg_ci95: tuple[float, float]
    """Ends of its 95 % interval."""

    @property
    def sentence(self) -> str:
        """The share of guidance in words."""
        return (
            f"With your own CFG scale of {self.own_cfg_scale:g} a gain of {_told(self.gain, self.ci95)} is left; "
            f"the change of the CFG scale adds {_told(self.cfg_gain, self.cfg_ci95)}. Measured on {self.seeds} of the "
            f"held-out seeds, on which the winner as it is gains {self.winner_gain:+.2f} σ."
        )


@dataclass(frozen=True)
class AuditResult:
    """What a scorer that had no part in the search says of the held-out pictures."""

    auditor: str
    """Its name."""
    pairs: int
    """How many held-out seeds, each with both pictures."""
    baseline: float
    """Mean of the user's pictures, in the auditor's own points."""
    winner: float
    """Mean of the winner's, in the auditor's own points."""
    gain: float
    """Mean paired difference, in standard deviations of the user's pictures over seeds; above zero: better."""
    ci95: tuple[float, float]
    """Ends of its 95 % interval."""
    win_rate: float
    """Share of pairs in which it likes the winner better, 0 to 1, ties counted half."""

    @property
    def word(self) -> str:
        """Its verdict: "better", "worse" or "no difference"."""
        return "better" if self.ci95[0] > 0 else "worse" if self.ci95[1] < 0 else "no difference"

    @property
    def sentence(self) -> str:
        """Its verdict in words; the figures are the winner's, or where there is none, the best candidate's."""
        said = {"better": "finds it better", "worse": "finds it worse"}.get(self.word, "cannot tell the two apart")
        return (
            f"{self.auditor}, which had no part in the scores of the search, {said}: "
            f"{_told(self.gain, self.ci95)} in its own spread ({self.baseline:.3g} to {self.winner:.3g}), better in "
            f"{self.win_rate:.0%} of {self.pairs} pairs."
        )


def _told(gain: float, ci95: tuple[float, float]) -> str:
    return f"{gain:+.2f} σ (95 % interval {ci95[0]:+.2f} to {ci95[1]:+.2f})"
