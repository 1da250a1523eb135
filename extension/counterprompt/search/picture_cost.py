"""What a picture costs in time, and what one of other steps or another size would cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterprompt.ports import GenerationRequest


@dataclass(frozen=True)
class Drawing:
    """What decides how long a picture is drawn."""

    steps: int
    """Sampling steps, at least 1."""
    width: int
    """Pixels, at least 1."""
    height: int
    """Pixels, at least 1."""

    @classmethod
    def of(cls, request: GenerationRequest) -> Drawing:
        """Take what *request* says of it."""
        return cls(request.steps, request.width, request.height)

    @property
    def work(self) -> int:
        """Steps times pixels."""
        return self.steps * self.width * self.height


@dataclass(frozen=True)
class PictureCost:
    """How long a picture takes here."""

    seconds: float
    """From one picture to the next, drawn and scored; above 0."""
    drawing_s: float
    """Seconds of that for drawing; 0 where nobody told them apart."""
    drawing: Drawing
    """What was drawn."""

    def scaled_to(self, drawing: Drawing) -> PictureCost:
        """Return what *drawing* would cost: the seconds of drawing grow with steps times pixels, all others stay.

        Where drawing was not told apart, all seconds grow. That is rough: attention grows faster than pixels, and
        decoding knows no steps.
        """
        drawn_s = self.drawing_s or self.seconds
        longer_s = drawn_s * drawing.work / self.drawing.work
        return replace(self, seconds=self.seconds - drawn_s + longer_s, drawing_s=longer_s, drawing=drawing)
