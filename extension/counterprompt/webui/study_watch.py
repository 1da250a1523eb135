"""Watches one study while it runs: how far it is, who leads, how long it takes, and what it draws."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterprompt.search.picture_cost import Drawing, PictureCost
from counterprompt.webui.study_values import Leader, StudyStatus

if TYPE_CHECKING:
    from PIL import Image

    from counterprompt.ports import GenerationRequest, ImageGenerator
    from counterprompt.search.pace import PaceEstimate
    from counterprompt.search.standings import Standing

WATCH_FOLDER: Final = "watch"
"""Where pictures lie while the study runs, below its folder."""

CONTROLS: Final = "controls"
"""The stage after the proof, which counts its own pictures."""

_SMALL_EDGE: Final = 512
_MOST_SETTINGS_TEXT: Final = 600


class StudyWatch:
    """Implements `ProgressListener`, `StandingsListener` and `PaceListener`; tells each new status to *told*.

    Args:
        status: what is known of the study so far.
        folder: the study's.
        told: hears each new status.
        is_stop_wanted: says whether the study should end after the batch in hand.
    """

    def __init__(
        self,
        status: StudyStatus,
        folder: Path,
        told: Callable[[StudyStatus], None],
        is_stop_wanted: Callable[[], bool],
    ) -> None:
        self._status = status
        self._folder = folder
        self._told = told
        self._is_stop_wanted = is_stop_wanted
        self._lock = threading.Lock()
        self._started: float | None = None
        self._drawn = 0
        self._pace: PaceEstimate | None = None
        self.drawn_with: GenerationRequest | None = None
        """The user's own settings in the study, once its search has begun."""

    @property
    def pictures(self) -> int:
        """How many pictures have been scored, those of earlier runs too."""
        return self._status.pictures

    @property
    def seconds_per_picture(self) -> float | None:
        """Seconds that one picture takes here, scoring included; None before the first."""
        if self._pace is not None:
            return self._pace.seconds_per_picture
        if self._started is None or not self._drawn:
            return None
        return (time.monotonic() - self._started) / self._drawn

    @property
    def picture_cost(self) -> PictureCost | None:
        """How long a picture of the user's own settings takes here; None until the search has begun."""
        if self.drawn_with is None or not self.seconds_per_picture:
            return None
        drawing_s = self._pace.drawing_s if self._pace else 0.0
        return PictureCost(self.seconds_per_picture, drawing_s, Drawing.of(self.drawn_with))

    def hear_pace(self, estimate: PaceEstimate) -> None:
        """Note the pace of the last pictures, and how long all that are left take, the controls' too."""
        self._pace = estimate
        self._tell(seconds_left=estimate.seconds_left)

    def say(self, message: str) -> None:
        """Tell *message* as the latest news."""
        self._tell(message=message)

    def note_drawing(self) -> None:
        """Note that the first picture of this run is being drawn now."""
        if self._started is None:
            self._started = time.monotonic()

    def note_drawn(self, pictures: int) -> None:
        """Note that so many more *pictures* were drawn."""
        self._drawn += pictures

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Note that *done* of *total* pictures have been scored; a *note* on one trial is no news to a user."""
        pace = self.seconds_per_picture
        left = self._status.seconds_left
        if stage == CONTROLS or self._pace is None:
            left = None if pace is None else max(0, total - done) * pace
        if stage == CONTROLS:  # the pictures of the search are counted already
            self._tell(stage=stage, seconds_left=left)
        else:
            self._tell(stage=stage, pictures=done, budget=total, seconds_left=left)

    def is_stop_requested(self) -> bool:
        """Whether the study should end after the batch in hand."""
        return self._is_stop_wanted()

    def hear_standings(self, baseline: GenerationRequest, standings: tuple[Standing, ...], pictures: int) -> None:
        """Note who leads, and show a picture of the leader beside one of the user's own settings."""
        self.drawn_with = baseline
        leaders = tuple(
            Leader(settings_text(each.request, baseline), each.believed, len(each.seeds)) for each in standings
        )
        best = max([0.0, *(leader.believed for leader in leaders)])
        own, other = self._side_by_side(baseline, standings[0]) if standings and best > 0 else (None, None)
        self._tell(
            leaders=leaders,
            history=(*self._status.history, (pictures, best)),
            baseline_picture=own or self._status.baseline_picture,
            best_picture=other or self._status.best_picture,
        )

    def _side_by_side(self, baseline: GenerationRequest, leader: Standing) -> tuple[Path | None, Path | None]:
        for seed in leader.seeds:
            own = picture_path(self._folder, replace(baseline, seed=seed))
            other = picture_path(self._folder, replace(leader.request, seed=seed))
            if own.is_file() and other.is_file():
                return own, other
        return None, None

    def _tell(self, **changes: object) -> None:
        with self._lock:
            self._status = replace(self._status, **changes)  # type: ignore[arg-type]  # names are checked by replace
            self._told(self._status)


class WatchedGenerator:
    """An `ImageGenerator` that draws with another one and keeps small copies where the tab can show them."""

    def __init__(self, generator: ImageGenerator, folder: Path, watch: StudyWatch) -> None:
        self._generator = generator
        self._folder = folder
        self._watch = watch

    @property
    def name(self) -> str:
        """The other one's name."""
        return self._generator.name

    @property
    def batch_size(self) -> int:
        """The other one's batch size."""
        return self._generator.batch_size

    def lora_names(self) -> frozenset[str] | None:
        """The LoRAs of the other one."""
        return self._generator.lora_names()

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Draw with the other one and keep small copies; raises what it raises."""
        self._watch.note_drawing()
        images = self._generator.generate(requests)
        self._watch.note_drawn(len(images))
        (self._folder / WATCH_FOLDER).mkdir(exist_ok=True)
        for request, image in zip(requests, images):
            small = image.convert("RGB")
            small.thumbnail((_SMALL_EDGE, _SMALL_EDGE))
            small.save(picture_path(self._folder, request), quality=88)
        return images


def picture_path(folder: Path, request: GenerationRequest) -> Path:
    """Say where the small copy of *request* lies in the study's *folder* while it runs, whether it is there or not."""
    digest = hashlib.sha256(json.dumps(astuple(request)).encode()).hexdigest()
    return folder / WATCH_FOLDER / f"{digest[:24]}.jpg"


def settings_text(request: GenerationRequest, baseline: GenerationRequest) -> str:
    """Say in one line what *request* sets: CFG scale, LoRAs where they differ, and the negative prompt."""
    parts = [f"CFG {request.cfg_scale:g}"]
    if request.prompt != baseline.prompt:
        parts.append(_lora_text(request.prompt))
    parts.append(f"negative: {request.negative_prompt or '(empty)'}")
    return "; ".join(filter(None, parts))[:_MOST_SETTINGS_TEXT]


def _lora_text(prompt: str) -> str:
    from counterprompt.search.space import own_lora_weights

    return ", ".join(f"{name} {round(value, 2):g}" for name, value in own_lora_weights(prompt).items())
