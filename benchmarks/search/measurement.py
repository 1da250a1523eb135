"""What is known of one drawn picture: the scorer's word, the judge's truth and the tagger's tags."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from counterprompt.miniature.judge import Judgement
from counterprompt.ports import Scores


@dataclass(frozen=True)
class Measurement:
    """Everything that a benchmark may ask of one picture, so that the picture itself can be forgotten."""

    scores: Scores
    """What a search sees."""
    truth: dict[str, float]
    """The judge's probability of every tag, 0 to 1; empty where nobody judges. No search sees it."""
    tags: dict[str, float]
    """Tag that the tagger saw to its confidence, 0 to 1, most confident first."""

    @property
    def defects(self) -> tuple[str, ...]:
        """Name the defects that the picture truly shows."""
        return Judgement(self.truth).defects if self.truth else ()

    def shows(self, tag: str) -> bool:
        """Whether the picture truly shows *tag*, one of the judge's."""
        return self.truth.get(tag, 0.0) > 0.5

    def is_compliant(self, wanted: dict[str, str]) -> bool:
        """Whether the judge's likeliest tag of every group of *wanted* is the one named there."""
        judgement = Judgement(self.truth)
        return all(judgement.most_likely(group) == tag for group, tag in wanted.items())


def to_text(measurement: Measurement) -> str:
    """Write *measurement* as JSON, probabilities and tags to five places."""
    scores = measurement.scores
    values: dict[str, Any] = {
        "a": scores.aesthetic,
        "f": scores.fidelity,
        "p": dict(scores.artifacts),
        "s": dict(scores.signals),
        "j": {tag: round(chance, 5) for tag, chance in measurement.truth.items()},
        "t": {tag: round(chance, 5) for tag, chance in measurement.tags.items()},
    }
    return json.dumps(values, separators=(",", ":"))


def from_text(text: str) -> Measurement:
    """Read back what `to_text` wrote."""
    values = json.loads(text)
    return Measurement(Scores(values["a"], values["f"], values["p"], values["s"]), values["j"], values["t"])
