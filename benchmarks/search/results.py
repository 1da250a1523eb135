"""What one run of one method came to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterprompt.ports import GenerationRequest


@dataclass(frozen=True)
class Chosen:
    """Settings that a method would have the user apply."""

    prompt: str
    """With the LoRA weights."""
    negative_prompt: str
    """Complete."""
    cfg_scale: float
    """Guidance."""

    def request(self, baseline: GenerationRequest, seed: int) -> GenerationRequest:
        """Return the request on *seed*; all else is the *baseline*'s."""
        return replace(
            baseline, prompt=self.prompt, negative_prompt=self.negative_prompt, cfg_scale=self.cfg_scale, seed=seed
        )


def chosen_of(request: GenerationRequest) -> Chosen:
    """Take the settings out of *request*."""
    return Chosen(request.prompt, request.negative_prompt, request.cfg_scale)


@dataclass(frozen=True)
class Incumbent:
    """The best so far, from a certain number of pictures on."""

    pictures: int
    """Pictures asked for when it became the best."""
    chosen: Chosen
    """What was the best."""
    value: float
    """Its noisy objective value."""


@dataclass(frozen=True)
class Claim:
    """A gain that a method says it has proven or failed to prove."""

    is_gain: bool
    """Whether it says that there is a gain."""
    gain: float
    """Mean difference, in the run's own units."""
    low: float
    """Lower end of its 95 % interval."""
    high: float
    """Upper end."""
    challenger: Chosen | None
    """What the gain is of, applied or not."""
    spread: dict[str, Any]
    """The run's own units: fields of `ScoreSpread`."""
    untreatable: tuple[str, ...] = ()
    """Defects that it says the prompt cannot cure."""


@dataclass(frozen=True)
class Run:
    """One run."""

    method: str
    """One of `methods.METHODS` and, after a colon, the version of the search's code."""
    task: str
    """Name of the task."""
    budget: int
    """Pictures it might ask for."""
    repetition: int
    """From 0; decides the seeds."""
    winner: Chosen
    """What it would have the user apply."""
    pictures: int
    """Different pictures it asked for."""
    seconds: float
    """How long it took, drawing included."""
    trace: tuple[Incumbent, ...] = ()
    """Incumbents, first to last; empty where the method plans for its budget."""
    claim: Claim | None = None
    """What it claims, where it claims anything."""

    @property
    def method_name(self) -> str:
        """The method without the version."""
        return self.method.partition(":")[0]

    @property
    def key(self) -> str:
        """The name it is kept under."""
        return run_key(self.method, self.task, self.budget, self.repetition)

    def winner_at(self, pictures: int) -> Chosen | None:
        """Return what it would have applied after so many *pictures*, None where it cannot say."""
        if pictures >= self.budget or not self.trace:
            return self.winner if pictures >= self.budget else None
        known = [each.chosen for each in self.trace if each.pictures <= pictures]
        return known[-1] if known else None


def run_key(method: str, task: str, budget: int, repetition: int) -> str:
    """Name a run."""
    return f"{method}|{task}|{budget}|{repetition}"


def run_to_json(run: Run) -> dict[str, Any]:
    """Return *run* as values that JSON knows."""
    return asdict(run)


def run_from_json(values: dict[str, Any]) -> Run:
    """Read back what `run_to_json` returned."""
    claim = values["claim"]
    if claim is not None:
        challenger = claim["challenger"]
        claim = Claim(
            **{
                **claim,
                "challenger": None if challenger is None else Chosen(**challenger),
                "untreatable": tuple(claim["untreatable"]),
            }
        )
    trace = tuple(Incumbent(each["pictures"], Chosen(**each["chosen"]), each["value"]) for each in values["trace"])
    return Run(**{**values, "winner": Chosen(**values["winner"]), "trace": trace, "claim": claim})
