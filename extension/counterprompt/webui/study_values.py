"""What goes into the study desk and what it says: values that the tab, the script and REST share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from counterprompt.errors import InvalidInputError
from counterprompt.workflow.baseline import TuneChoices

if TYPE_CHECKING:
    from counterprompt.ports import GenerationRequest

StudyState = Literal["waiting", "running", "paused", "stopped", "done", "failed"]
"""Where a study stands: paused, stopped and failed ones can be resumed, and no scored picture is drawn again."""

UNFINISHED: Final = frozenset({"waiting", "running", "paused", "stopped", "failed"})
"""States in which there is no outcome yet."""

RESUMABLE: Final = frozenset({"paused", "stopped", "failed"})
"""States in which `StudyDesk.resume` goes on."""


class UnknownNameError(InvalidInputError):
    """There is nothing of that name."""


class WrongStateError(InvalidInputError):
    """It is there, but not in a state in which this can be done."""


@dataclass(frozen=True)
class StudyOrder:
    """A study that somebody wants run.

    Raises:
        InvalidInputError: there is neither a picture nor a baseline.
    """

    picture: bytes | None = None
    """The dropped picture's file, byte for byte; None: one is drawn with the *baseline* first."""
    baseline: GenerationRequest | None = None
    """The user's own settings; None: those embedded in the *picture*."""
    choices: TuneChoices = field(default_factory=TuneChoices)
    """Budget, ranges, layers and the like."""
    name: str = ""
    """What to call it, for people; "" makes one up."""
    questions: int = 0
    """How often somebody at the tab is asked which picture is best while it searches."""

    def __post_init__(self) -> None:
        if self.picture is None and self.baseline is None:
            raise InvalidInputError("There is nothing to tune; give a picture or a prompt.")


@dataclass(frozen=True)
class Leader:
    """One of the best candidates so far."""

    settings: str
    """What it changes, in words, such as "CFG 8.5; not: blurry, watermark"."""
    believed: float
    """What it is worth by all pictures so far, in units of the baseline's spread from seed to seed."""
    seeds: int
    """Search seeds that it was tried on."""


@dataclass(frozen=True)
class StudyStatus:
    """Where a study stands."""

    id: str
    """What to name it by."""
    name: str
    """What it is called, for people. Comes from a client: escape it in HTML."""
    state: StudyState
    """One of the six states."""
    stage: str = ""
    """What is being done: "loading", "baseline", "search", "choice", "ablation", "verification" or "controls"."""
    pictures: int = 0
    """Pictures scored so far, those of an earlier run too."""
    budget: int = 0
    """Most pictures that the present stage and all before it may take."""
    seconds_left: float | None = None
    """Estimate of the seconds until it ends, None where nobody knows yet."""
    message: str = ""
    """The latest news or, in the state "failed", what went wrong and the remedy, in one sentence."""
    leaders: tuple[Leader, ...] = ()
    """The best candidates so far, best first."""
    history: tuple[tuple[int, float], ...] = ()
    """Pictures scored, and what the best candidate was believed to be worth then; in order."""
    baseline_picture: Path | None = None
    """Picture file of the user's own settings, on the same seed as *best_picture*."""
    best_picture: Path | None = None
    """Picture file of the best candidate so far."""
    verdict: str | None = None
    """"gain" or "no gain" in the state "done", otherwise None."""
