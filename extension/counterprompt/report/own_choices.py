"""What the report says of somebody who chose among pictures while the study ran, or afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterprompt.search.taste.summary import TasteSummary


@dataclass(frozen=True)
class OwnChoices:
    """How a person chose."""

    picked: int
    """Questions in which a picture was picked."""
    none: int
    """Questions in which none was better than the others."""
    agreed: int
    """How often the picked one was also the score's best."""
    by_chance: float
    """How often it would have been by picking blindly."""
    weight: float
    """How much the answers counted against the score, 0 to 1."""
    wins: int = 0
    """Blind pairs on fresh seeds in which the best candidate was picked."""
    losses: int = 0
    """Blind pairs in which the user's own settings were."""
    ties: int = 0
    """Blind pairs in which neither was better."""
    decided: str = ""
    """"gain" or "no gain" where the blind pairs decided the verdict, or ""."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The choices in words, one sentence each."""
        said = []
        if self.picked:
            said.append(
                f"You picked the score's favourite in {self.agreed} of {self.picked} questions "
                f"({self.by_chance:.0f} by blind chance); your answers counted {self.weight:.0%} against the score."
            )
        if self.none:
            said.append(f"In {self.none} questions none was better to you than the others.")
        if self.wins + self.losses + self.ties:
            ties = f", {self.ties} times neither" if self.ties else ""
            so = "" if self.decided else "; that may be chance, so the score's proof decided"
            said.append(
                f"In {self.wins + self.losses + self.ties} blind pairs on fresh seeds you picked the best candidate "
                f"{self.wins} times and your own settings {self.losses} times{ties}{so}."
            )
        return tuple(said)


def own_choices(taste: TasteSummary | None) -> OwnChoices | None:
    """Return what the report says of *taste*; None where nobody was asked."""
    if taste is None:
        return None
    counts = (taste.picked, taste.none, taste.agreed, taste.by_chance, taste.weight)
    if taste.pairs is None:
        return OwnChoices(*counts)
    verdict = taste.pairs.verdict
    return OwnChoices(*counts, taste.pairs.wins, taste.pairs.losses, taste.pairs.ties, verdict.value if verdict else "")
