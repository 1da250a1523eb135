"""What the core asks of the outside world, as Protocols, and the values that cross these lines.

Adapters (`tagging`, `scoring`, `generation`, `webui`) implement them, `workflow` and `search` use them; neither side
knows the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from PIL import Image

    from counterprompt.advice.inventory import Inventory
    from counterprompt.infotext.params import GenerationParams
    from counterprompt.tags.observed import ObservedTags


@dataclass(frozen=True)
class GenerationRequest:
    """One picture to generate, in the words of the WebUI. Equal requests give equal pictures on one generator."""

    prompt: str
    """Positive prompt with its emphasis and `<lora:name:weight>` tags."""
    negative_prompt: str
    """Negative prompt; emphasis and `[from:to:when]` schedules allowed."""
    seed: int
    """0 to 2**32 - 1."""
    steps: int = 20
    """Sampling steps, at least 1."""
    sampler_name: str = "Euler"
    """The WebUI's label, such as "Euler", "DDIM" or "DPM++ 2M"."""
    scheduler: str = "Automatic"
    """The WebUI's label of the schedule type."""
    cfg_scale: float = 7.0
    """Guidance strength; at 1 the negative prompt is mute."""
    width: int = 512
    """Pixels, a multiple of 8."""
    height: int = 512
    """Pixels, a multiple of 8."""
    clip_skip: int = 1
    """1 uses the text encoder's last layer."""


@dataclass(frozen=True)
class Scores:
    """What the scorer says of one picture. Components stay apart here; the objective alone joins them."""

    aesthetic: float
    """Aesthetic head, about 0 to 10, higher is better."""
    fidelity: float
    """Cosine of picture and prompt, -1 to 1, higher is better."""
    artifacts: Mapping[str, float] = field(default_factory=dict)
    """Defect term to its probability, 0 to 1, lower is better; "tagger: TERM" is a tagger's word (see `defect_of`)."""
    signals: Mapping[str, float] = field(default_factory=dict)
    """Signal measures such as "clipped" or "saturation", 0 to 1: guards, not rewards."""
    preference: float | None = None
    """What a preference model says, about 15 to 35, higher is better, comparable for one prompt; None without one."""


TAGGER_MARK: Final = "tagger: "
"""Begins the names of artifacts that a tagger sees, to tell them from a CLIP's probes for the same defect."""


def defect_of(artifact: str) -> str:
    """Return the defect term that an artifact speaks of: "watermark" for "watermark" and for "tagger: watermark"."""
    return artifact.removeprefix(TAGGER_MARK)


@dataclass(frozen=True)
class ReferenceScores:
    """What the scorer says of one picture that was made to be like another."""

    scores: Scores
    """What it says of the picture by itself."""
    resemblance: float
    """Cosine of the two pictures' embeddings, but for the defects of the other one, -1 to 1; higher is more alike."""


class ImageGenerator(Protocol):
    """Turns requests into pictures."""

    @property
    def name(self) -> str:
        """What it is, for reports: "miniature", "diffusers: PATH" or "webui: URL"."""
        ...

    @property
    def batch_size(self) -> int:
        """How many requests are best given at once, at least 1."""
        ...

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Generate one RGB picture per request, in order.

        Raises:
            GeneratorError: it cannot be reached or refused a request; nothing is returned for any of them.
        """
        ...

    def lora_names(self) -> frozenset[str] | None:
        """Name the LoRAs it can load, or None where it cannot tell."""
        ...


class Scorer(Protocol):
    """Scores pictures against the prompt they were made for."""

    @property
    def name(self) -> str:
        """What it is and which weights it uses, for reports."""
        ...

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Score each picture, in order; *prompt* may hold prompt syntax, which is stripped."""
        ...


class Auditor(Protocol):
    """Rates pictures by a measure that no search goes by: the second opinion on what a search has found."""

    @property
    def name(self) -> str:
        """What it is, for reports."""
        ...

    @property
    def defects(self) -> frozenset[str] | None:
        """The defects it can notice, by their terms; None where every damage should lower its rating."""
        ...

    def rate(self, images: Sequence[Image.Image], prompt: str) -> list[float]:
        """Rate each picture, in order; higher is better, comparable for one *prompt*, whose syntax is stripped."""
        ...


class ReferenceScorer(Protocol):
    """Scores pictures that were made to be like one picture, which it holds."""

    @property
    def name(self) -> str:
        """What it is and which weights it uses, for reports."""
        ...

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[ReferenceScores]:
        """Score each picture against *prompt*, as `Scorer.score` does, and against the picture it holds, in order."""
        ...


class Tagger(Protocol):
    """Says what a picture shows."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every tag it could give but ratings, with spaces, not underscores: what lies outside is unobservable."""
        ...

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """Tag each picture, in order."""
        ...


class InventorySource(Protocol):
    """Says which model files are here."""

    def take_stock(self, params: GenerationParams) -> Inventory:
        """List the model files, with the hashes that are needed to find what *params* names.

        Raises:
            InvalidInputError: there are none where they should be.
            GeneratorError: a host that was asked cannot be reached or refuses.
            StoppedError: the user asked to stop.
        """
        ...


class ProgressListener(Protocol):
    """Hears how long work goes on, and may ask it to stop."""

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """*done* of *total* pieces of *stage* are finished; *note* is the best news so far."""
        ...

    def is_stop_requested(self) -> bool:
        """Whether the work should end after the piece in hand."""
        ...


class SilentProgress:
    """The listener that hears nothing and never stops anything."""

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Ignore it."""

    def is_stop_requested(self) -> bool:
        """Never."""
        return False
