"""A generator and a scorer with a known optimum: deterministic, instant, for tests and for trying things out.

No picture of it shows anything. The scores of a request are computed from a formula, written into the picture's pixels,
and read from there by the scorer, which sees the picture only.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import GeneratorError, ScorerError
from counterprompt.ports import GenerationRequest, Scores
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks
from counterprompt.prompts.terms import split_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from PIL import Image

_MAGIC = b"CPFK"
_SMALLEST_EDGE = 24


@dataclass(frozen=True)
class FakeWorld:
    """The formula. The default has something to gain; `FLAT_WORLD` has nothing."""

    defects: tuple[tuple[str, float], ...] = (
        ("blurry", 0.5),
        ("watermark", 0.4),
        ("bad anatomy", 0.35),
        ("noisy", 0.1),
    )
    """Defect and its probability while it is not negated; the negative term of the same name all but removes it."""
    effects: tuple[tuple[str, float], ...] = (("low quality", 0.25), ("painting", -0.3), ("grainy", -0.1))
    """Further negative terms and what each adds to the aesthetic score."""
    term_limit: int = 15
    """Every negative term beyond this many costs 0.1 of the aesthetic score."""
    best_lora_weight: float = 0.7
    """Where a LoRA is best."""
    lora_curvature: float = 3.0
    """What the squared distance from there costs."""
    best_cfg_scale: float = 8.0
    """Where guidance is best."""
    cfg_curvature: float = 0.02
    """What the squared distance from there costs."""
    seed_spread: float = 0.5
    """Standard deviation of what the seed alone adds, equal for all requests."""
    noise: float = 0.25
    """Standard deviation of what seed and settings add together."""
    shared_luck: float = 0.8
    """How often the seed alone decides whether a defect shows, so that common seeds tell candidates apart; 0 to 1."""
    cured_probability: float = 0.03
    """Probability of a defect that is negated."""

    def quality(self, request: GenerationRequest) -> float:
        """Return what the settings alone add to the aesthetic score, terms apart 0 at best and less elsewhere."""
        terms = _negated(request)
        effects = sum(effect for term, effect in self.effects if term in terms)
        crowd = 0.1 * max(0, len(terms) - self.term_limit)
        loras = sum((weight - self.best_lora_weight) ** 2 for weight in _lora_weights(request))
        cfg = (request.cfg_scale - self.best_cfg_scale) ** 2
        return effects - crowd - self.lora_curvature * loras - self.cfg_curvature * cfg

    def defect_rate(self, request: GenerationRequest) -> float:
        """Return the expected number of defects in a picture: the truth that a search tries to lower."""
        terms = _negated(request)
        return sum(self._probability(name, probability, terms) for name, probability in self.defects)

    def scores(self, request: GenerationRequest) -> Scores:
        """Return the scores of *request*; equal requests have equal scores."""
        seed_draw = _generator("seed", request.seed)
        draw = _generator("picture", json.dumps(asdict(request), sort_keys=True))
        terms = _negated(request)
        shown = {}
        for name, probability in self.defects:
            luck = seed_draw.random() if draw.random() < self.shared_luck else draw.random()
            shown[name] = luck < self._probability(name, probability, terms)
        luck = self.seed_spread * seed_draw.standard_normal() + self.noise * draw.standard_normal()
        ugly = 0.2 * sum(shown.values())
        harsh = max(0.0, request.cfg_scale - 12.0)
        faithful = 0.27 - 0.01 * max(0.0, 6.0 - request.cfg_scale) + 0.01 * seed_draw.standard_normal()
        return Scores(
            aesthetic=float(5.5 + luck - ugly + self.quality(request)),
            fidelity=float(faithful + 0.003 * draw.standard_normal()),
            artifacts={name: 0.9 if is_shown else 0.1 for name, is_shown in shown.items()},
            signals={"clipped": min(1.0, 0.01 + 0.03 * harsh), "saturation": min(1.0, 0.35 + 0.05 * harsh)},
        )

    def _probability(self, name: str, probability: float, terms: frozenset[str]) -> float:
        return min(probability, self.cured_probability) if name in terms else probability


FLAT_WORLD = FakeWorld(effects=(), lora_curvature=0.0, cfg_curvature=0.0, cured_probability=1.0)
"""A world where nothing that can be varied makes a difference, within ordinary settings."""


class FakeGenerator:
    """Implements `ImageGenerator` over a `FakeWorld`; *pictures* counts what it has generated."""

    def __init__(self, world: FakeWorld | None = None, batch_size: int = 4) -> None:
        self.world = world or FakeWorld()
        self.batch_size = batch_size
        self.pictures = 0

    @property
    def name(self) -> str:
        """It says that it is a fake."""
        return "fake"

    def lora_names(self) -> frozenset[str] | None:
        """It takes any LoRA."""
        return None

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Return one RGB picture of the requested size per request, with its scores in the pixels.

        Raises:
            GeneratorError: a size is too small to carry them.
        """
        images = [_paint(request, self.world.scores(request)) for request in requests]
        self.pictures += len(images)
        return images


class FakeScorer:
    """Implements `Scorer` for the pictures of `FakeGenerator`."""

    @property
    def name(self) -> str:
        """It says that it is a fake."""
        return "fake"

    def score(self, images: Sequence[Image.Image], prompt: str) -> list[Scores]:
        """Read the scores back from the pixels of each picture; *prompt* has no influence.

        Raises:
            ScorerError: a picture is not one of the fake generator's, or was changed since.
        """
        return [_read_scores(image) for image in images]


def _negated(request: GenerationRequest) -> frozenset[str]:
    if request.cfg_scale <= 1:
        return frozenset()
    return frozenset(term.text.lower() for term in split_terms(request.negative_prompt))


def _lora_weights(request: GenerationRequest) -> list[float]:
    return [each.weight for each in find_extra_networks(request.prompt) if each.kind in LORA_KINDS]


def _generator(purpose: str, key: object) -> np.random.Generator:
    import numpy as np

    digest = hashlib.sha256(f"{purpose}:{key}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _paint(request: GenerationRequest, scores: Scores) -> Image.Image:
    import numpy as np
    from PIL import Image

    if min(request.width, request.height) < _SMALLEST_EDGE:
        raise GeneratorError(
            f"The fake generator cannot paint {request.width}x{request.height} pixels; "
            f"ask for {_SMALLEST_EDGE} or more."
        )
    body = zlib.compress(json.dumps(asdict(scores)).encode())
    payload = np.frombuffer(_MAGIC + len(body).to_bytes(4, "big") + body, dtype=np.uint8)
    colour = _generator("colour", request.seed).integers(60, 200, 3, dtype=np.uint8)
    pixels = np.broadcast_to(colour, (request.height, request.width, 3)).copy().reshape(-1)
    if payload.size > pixels.size:
        raise GeneratorError("The fake world has more defects than its picture can carry; ask for a larger picture.")
    pixels[: payload.size] = payload
    return Image.fromarray(pixels.reshape(request.height, request.width, 3))


def _read_scores(image: Image.Image) -> Scores:
    import numpy as np

    raw = np.asarray(image.convert("RGB"), dtype=np.uint8).tobytes()
    if raw[:4] != _MAGIC:
        raise ScorerError("The picture was not made by the fake generator; score it with a real scorer.")
    length = int.from_bytes(raw[4:8], "big")
    try:
        return Scores(**json.loads(zlib.decompress(raw[8 : 8 + length])))
    except (ValueError, zlib.error, TypeError) as error:
        raise ScorerError("The fake generator's picture was changed after it was made; use it as it came.") from error
