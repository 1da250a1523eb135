"""What the user chose, and the settings that everything else is measured against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.infotext.params import GenerationParams
from counterprompt.ports import GenerationRequest

if TYPE_CHECKING:
    from counterprompt.negative.layers import NegativeLayer
    from counterprompt.report.answers import Reading
    from counterprompt.search.guard_limits import GuardLimits
    from counterprompt.search.score_weights import ScoreWeights
    from counterprompt.workflow.story import PictureStory

MOST_STEPS = 1000
"""Sampling steps; no sampler gains from so many."""

LARGEST_EDGE = 2048
"""Pixels; a picture that says it is larger is not generated at that size."""


@dataclass(frozen=True)
class TuneChoices:
    """What the user chose for a study; None leaves it to the picture or to the rules."""

    budget: int = 480
    """Most pictures for search and proof, at least 40."""
    search_seeds: int | None = None
    """Seeds that all candidates share in the search."""
    held_out: int | None = None
    """Fresh seeds that the gain is proven on."""
    steps: int | None = None
    """Sampling steps."""
    sampler_name: str | None = None
    """The WebUI's label."""
    size: tuple[int, int] | None = None
    """Width and height in pixels, multiples of 8."""
    search_seed: int = 0
    """The same seed searches the same way."""
    controls: bool = True
    """Whether to measure an empty and a popular negative too, on the proof seeds, beyond the budget."""
    cfg_range: tuple[float, float] | None = None
    """Lowest and highest CFG scale to try; the picture's own stays inside."""
    lora_range: tuple[float, float] | None = None
    """Lowest and highest weight to try for every LoRA that has no range of its own; the picture's own stays inside."""
    lora_ranges: tuple[tuple[str, tuple[float, float]], ...] = ()
    """LoRA name and the weights to try."""
    score_weights: ScoreWeights | None = None
    """How much each component of the objective counts."""
    minutes: float | None = None
    """Most minutes, controls included; None where pictures alone are counted."""
    stops_early: bool = True
    """Whether the search ends when nothing left to try is likely to gain anything worthwhile."""
    seed_run: int = 1
    """How many seeds follow one another: more than one for generators that draw only such together."""
    layers: tuple[NegativeLayer, ...] | None = None
    """Layers on offer, "dynamic" among them; None: those that suit subject and medium, and what the diff tells."""
    guard_limits: GuardLimits | None = None
    """How far each guard may move before it is broken."""
    looks_again: bool = False
    """Whether pictures of the best candidates are looked at while the search runs, for further words on offer."""
    tries_schedules: bool = False
    """Whether the leading candidate is tried with its layers acting late or only at first."""
    has_anti_prompt: bool = False
    """Whether the model is asked for the opposite of the prompt, for further words on offer."""


def baseline_request(story: PictureStory, choices: TuneChoices) -> GenerationRequest:
    """Return the user's own settings: the embedded ones, or the advised prompt where nothing is embedded.

    Raises:
        InvalidInputError: there is no prompt at all, or a value cannot be generated.
    """
    params = story.reading.params or GenerationParams(story.advice.prompt)
    if not params.prompt.strip():
        raise InvalidInputError("The picture holds no prompt and nothing is seen in it; choose another picture.")
    sampler_name, scheduler = params.sampler_and_scheduler
    width, height = choices.size or _size_of(story.reading)
    return checked_request(
        GenerationRequest(
            prompt=params.prompt,
            negative_prompt=params.negative_prompt,
            seed=(1 if params.seed is None else params.seed) % 2**32,
            steps=choices.steps or params.steps or 20,
            sampler_name=choices.sampler_name or sampler_name or "Euler",
            scheduler=scheduler,
            cfg_scale=7.0 if params.cfg_scale is None else params.cfg_scale,
            width=width,
            height=height,
            clip_skip=params.clip_skip or 1,
        )
    )


def _size_of(reading: Reading) -> tuple[int, int]:
    params = reading.params
    width = (params.width if params else None) or reading.width
    height = (params.height if params else None) or reading.height
    return max(8, width // 8 * 8), max(8, height // 8 * 8)


def checked_request(request: GenerationRequest) -> GenerationRequest:
    """Return *request* where it can be generated.

    Raises:
        InvalidInputError: a value is out of range.
    """
    if not 1 <= request.steps <= MOST_STEPS:
        raise InvalidInputError(
            f"{request.steps} sampling steps cannot be generated; give --steps from 1 to {MOST_STEPS}."
        )
    if max(request.width, request.height) > LARGEST_EDGE:
        raise InvalidInputError(
            f"The size {request.width}x{request.height} is larger than {LARGEST_EDGE} pixels; give --size WIDTHxHEIGHT."
        )
    if not 0 <= request.cfg_scale <= 100:
        raise InvalidInputError(f"The picture's CFG scale {request.cfg_scale:g} is out of range; use another picture.")
    return request
