"""How a study ended, with all the evidence a report needs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from counterprompt.search.objective import ComponentDeltas, mean_deltas
from counterprompt.search.power import telling_seeds
from counterprompt.search.space import own_lora_weights
from counterprompt.search.untreatable import UntreatableDefect, untreatable_defects
from counterprompt.search.verification import HeldOut, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.ports import GenerationRequest
    from counterprompt.search.candidate import Candidate
    from counterprompt.search.frozen_cfg import FrozenCfg
    from counterprompt.search.importance import PieceEffect
    from counterprompt.search.search_trial import SearchTrial
    from counterprompt.search.taste.summary import TasteSummary
    from counterprompt.search.timing import TimedVariant

NOT_VERIFIED = HeldOut((), 0.0, (0.0, 0.0), 0.5, ComponentDeltas(0.0, 0.0, 0.0, 0.0, 0.0), (), ())
"""Stands where no candidate was worth verifying."""


@dataclass(frozen=True)
class Settings:
    """What goes into the WebUI's fields."""

    prompt: str
    """Positive prompt, LoRA tags with their weights included."""
    negative_prompt: str
    """Negative prompt."""
    cfg_scale: float
    """Guidance strength."""
    loras: tuple[tuple[str, float], ...] = ()
    """Name and weight of each LoRA in the prompt."""


@dataclass(frozen=True)
class TrialSummary:
    """One line of the study's history."""

    number: int
    """0 is the baseline."""
    settings: Settings
    """What was tried."""
    layers: tuple[str, ...]
    """Names of the layers that were on; "own" is the user's negative prompt."""
    seeds: int
    """How many search seeds it ran on."""
    believed: float
    """What it is worth in the end, by all pictures of the search, in units of the baseline's spread."""
    pictures: int
    """Pictures the study had asked for when it was finished."""
    components: ComponentDeltas
    """Mean differences from the baseline."""


@dataclass(frozen=True)
class Outcome:
    """The end of a study."""

    verdict: Verdict
    """Whether a gain was shown."""
    reason: str
    """The verdict in one plain sentence."""
    baseline: Settings
    """The user's own settings."""
    winner: Settings
    """The settings to use: the challenger's where a gain was shown, otherwise the baseline's."""
    challenger: Settings | None
    """The best candidate, verified or not; None where nothing but the baseline was tried."""
    held_out: HeldOut
    """What held-out seeds say of the challenger."""
    pictures: int
    """Pictures generated in all."""
    history: tuple[TrialSummary, ...]
    """Every trial, in order."""
    importance: tuple[PieceEffect, ...]
    """What each piece adds to the challenger, most first."""
    generator: str
    """Name of the generator."""
    scorer: str
    """Name of the scorer."""
    found_later: tuple[str, ...] = ()
    """Terms that were found on pictures of the best candidates while the search ran."""
    timings: tuple[TimedVariant, ...] = ()
    """The challenger with its layers scheduled, where that was tried."""
    frozen_cfg: FrozenCfg | None = None
    """The winner with the user's own CFG scale; None where it has that anyway, or where it was not measured."""
    first_proof: HeldOut | None = None
    """What the first proof said, where *held_out* is a second one on other seeds; None where there was one."""
    taste: TasteSummary | None = None
    """How a person chose among the pictures; None where nobody was asked."""
    saved: int = 0
    """By how many pictures the search ended early, nothing on offer being likely to gain more; 0 where it did not."""

    @property
    def proofs(self) -> tuple[HeldOut, ...]:
        """Every proof, in the order in which they were made; none has pairs where nothing was worth proving."""
        return (self.held_out,) if self.first_proof is None else (self.first_proof, self.held_out)

    @property
    def is_open(self) -> bool:
        """Whether it was the interval alone that kept the challenger from being proven, by the first proof."""
        chosen = self.taste.pairs if self.taste else None
        is_decided = self.verdict is Verdict.GAIN or (chosen is not None and chosen.verdict is not None)
        held_back = bool(self.held_out.broken_guards) or not self.held_out.pairs or self.challenger is None
        return not (is_decided or held_back or self.first_proof is not None)

    @property
    def telling_seeds(self) -> int | None:
        """On how many fresh seeds a second proof would likely succeed; None where none may be had or is worth it."""
        proof = self.held_out
        return telling_seeds(proof.gain, proof.ci95, len(proof.pairs)) if self.is_open else None

    @property
    def untreatable(self) -> tuple[UntreatableDefect, ...]:
        """The defects that stayed on held-out seeds whatever the prompt, the likeliest first."""
        return untreatable_defects(self.held_out.artifacts)

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as values that JSON knows; *loras* become an object, held-out *seeds* a list."""
        values = asdict(self)
        values["verdict"] = self.verdict.value
        values["is_open"], values["telling_seeds"] = self.is_open, self.telling_seeds
        values["untreatable"] = [defect.name for defect in self.untreatable]
        for name in ("baseline", "winner", "challenger"):
            if values[name] is not None:
                values[name]["loras"] = dict(values[name]["loras"])
        for trial in values["history"]:
            trial["settings"]["loras"] = dict(trial["settings"]["loras"])
        for name, proof in (("held_out", self.held_out), ("first_proof", self.first_proof)):
            if proof is not None:
                values[name]["seeds"] = [pair.seed for pair in proof.pairs]
                values[name]["ci95"] = list(proof.ci95)
        return values


def settings_of(candidate: Candidate, baseline: GenerationRequest) -> Settings:
    """Render *candidate* into the WebUI's fields."""
    request = candidate.render(baseline, baseline.seed)
    loras = tuple(own_lora_weights(request.prompt).items())
    return Settings(request.prompt, request.negative_prompt, request.cfg_scale, loras)


def history_of(
    trials: Sequence[SearchTrial], believed: Sequence[float], baseline: GenerationRequest
) -> tuple[TrialSummary, ...]:
    """Summarise *trials*, in order; *believed* is what each is worth in the end."""
    return tuple(
        TrialSummary(
            number=trial.number,
            settings=settings_of(trial.candidate, baseline),
            layers=_layers_on(trial.candidate, baseline),
            seeds=len(trial.deltas),
            believed=worth,
            pictures=trial.pictures,
            components=mean_deltas(trial.deltas),
        )
        for trial, worth in zip(trials, believed)
    )


def _layers_on(candidate: Candidate, baseline: GenerationRequest) -> tuple[str, ...]:
    own = ("own",) if candidate.keeps_own and baseline.negative_prompt.strip() else ()
    return (*own, *(layer.name for layer in candidate.layers))


def reason_for(verdict: Verdict, held_out: HeldOut, is_proven: bool) -> str:
    """Say in one plain sentence why the verdict is what it is; *is_proven* tells whether the proof seeds were used."""
    low, high = held_out.ci95
    if verdict is Verdict.GAIN:
        return (
            f"On {len(held_out.pairs)} fresh seeds the winner is better by {held_out.gain:.2f} baseline spreads "
            f"(95 % interval {low:.2f} to {high:.2f})."
        )
    if not held_out.pairs:
        return "No candidate was better than your settings even on the search seeds; your settings stay."
    if not is_proven:
        return f"On {len(held_out.pairs)} held-out seeds no finalist was better than your settings; they stay."
    if held_out.broken_guards and low > 0:
        return f"The best candidate scores higher but breaks {', '.join(held_out.broken_guards)}; your settings stay."
    return (
        f"On {len(held_out.pairs)} fresh seeds the best candidate's gain is not certain "
        f"(95 % interval {low:.2f} to {high:.2f}); your settings stay."
    )
