"""What a report says, as values: everything the page shows and the JSON beside it holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterprompt.report.cross_checks import AuditResult, CfgShare  # noqa: TC001 - the codec reads the hints
from counterprompt.report.explanations import DefectRate, GuardRow, RuleFinding, StayingFault  # noqa: TC001 - likewise
from counterprompt.report.own_choices import OwnChoices  # noqa: TC001 - likewise
from counterprompt.report.picture_record import PictureRecord


@dataclass(frozen=True)
class FieldValues:
    """What stands in the txt2img fields."""

    prompt: str
    """Positive prompt with its `<lora:name:weight>` tags."""
    negative_prompt: str
    """Negative prompt, possibly empty."""
    cfg_scale: float
    """Guidance strength."""
    loras: tuple[tuple[str, float], ...] = ()
    """LoRA name and weight, in the prompt's order."""
    settings: tuple[tuple[str, str], ...] = ()
    """Other labels and their text, the same for baseline and winner."""


@dataclass(frozen=True)
class HeldOutResult:
    """How the winner did against the baseline on seeds that the search never saw."""

    seeds: int
    """How many seeds, each drawn with both."""
    gain: float
    """Mean difference without the baseline's luck on these seeds, in standard deviations of the baseline's pictures."""
    ci95: tuple[float, float]
    """Ends of the 95 % confidence interval of *gain*."""
    win_rate: float
    """Share of seeds on which the winner is better, 0 to 1."""
    luck: float = 0.0
    """Taken off the mean difference since the baseline did worse here than on its other seeds; below zero, added."""

    @property
    def luck_told(self) -> str:
        """Say in a sentence what the baseline's luck did to the proof; "" where it rounds to nothing."""
        if abs(self.luck) < 0.005:
            return ""
        worse = self.luck > 0
        fate = "is that bad luck and is not counted" if worse else "is added for that good luck"
        return (
            f"On these seeds your settings did {'worse' if worse else 'better'} than on the others they were drawn on: "
            f"{abs(self.luck):.2f} σ {fate}."
        )


@dataclass(frozen=True)
class SeedPair:
    """Baseline and winner on one held-out seed."""

    seed: int
    """The seed of both."""
    baseline: str
    """Picture file, relative to the report's folder."""
    winner: str
    """Picture file, relative to the report's folder."""
    gain: float
    """Paired difference on this seed, in the units of the gain."""


@dataclass(frozen=True)
class HistoryPoint:
    """One candidate of the search."""

    pictures: int
    """Pictures generated when it was finished."""
    value: float
    """Its objective value on its few seeds; the baseline's is 0."""
    best: float
    """What the best candidate so far is worth by all pictures of the search."""


@dataclass(frozen=True)
class Control:
    """A fixed negative prompt measured on the same held-out seeds."""

    name: str
    """Such as "empty negative"."""
    negative_prompt: str
    """What it was."""
    gain: float
    """Against the baseline, like the winner's."""
    ci95: tuple[float, float]
    """Ends of its 95 % confidence interval."""


@dataclass(frozen=True)
class EffectRow:
    """What one piece of the search adds."""

    name: str
    """In words, such as "“blurry”" or "CFG scale 8.5 instead of 7"."""
    effect: float
    """What it adds, in the units of the gain; above zero: it helps."""
    ci95: tuple[float, float]
    """Ends of the 95 % interval of *effect*."""
    is_used: bool = True
    """Whether the best candidate has it."""

    @property
    def is_certain(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.ci95[0] > 0 or self.ci95[1] < 0

    @property
    def direction(self) -> str:
        """Say where it moves pictures to: "up", "down", or "unsure" where its interval crosses zero."""
        return ("up" if self.effect > 0 else "down") if self.is_certain else "unsure"

    @property
    def word(self) -> str:
        """Say its direction to a reader."""
        return {"up": "helps", "down": "hurts", "unsure": "cannot be told"}[self.direction]


@dataclass(frozen=True)
class ReportContent:
    """Everything one report shows; pictures are named relative to the folder that holds it."""

    verdict: str
    """"gain" or "no gain"."""
    created: str
    """ISO 8601 date and time, UTC."""
    generator: str
    """What drew the pictures."""
    baseline: FieldValues
    """The user's own settings."""
    winner: FieldValues
    """The verified winner; the baseline where there is no gain."""
    held_out: HeldOutResult
    """The proof."""
    pictures: int
    """Pictures generated in all."""
    study: str
    """Folder of the study."""
    reason: str = ""
    """Why the verdict is what it is, in one sentence."""
    picture: PictureRecord = field(default_factory=PictureRecord)
    """What was read from the dropped picture."""
    pairs: tuple[SeedPair, ...] = ()
    """Every held-out seed, in order: none is left out."""
    history: tuple[HistoryPoint, ...] = ()
    """The search, candidate by candidate; the first is the baseline."""
    effects: tuple[EffectRow, ...] = ()
    """What each piece of the search adds, largest first."""
    guards: tuple[GuardRow, ...] = ()
    """What must not get worse, and whether it did."""
    guard_breakers: int = 0
    """Candidates of the search that lost by breaking a guard."""
    rule_findings: tuple[RuleFinding, ...] = ()
    """Rules of thumb against what was measured."""
    staying: tuple[StayingFault, ...] = ()
    """Defects that no negative prompt moved."""
    probes: tuple[DefectRate, ...] = ()
    """Mean defect probabilities as the scorer sees them."""
    judged: tuple[DefectRate, ...] = ()
    """True defect rates, from a judge that the search never saw (miniature only)."""
    judged_pictures: int = 0
    """Pictures of each side that the judge saw."""
    controls: tuple[Control, ...] = ()
    """Fixed negatives for comparison."""
    cfg_share: CfgShare | None = None
    """How much of the gain is left with the user's own CFG scale; None where the winner has that, or nobody looked."""
    audit: AuditResult | None = None
    """What a scorer says that had no part in the search; None where none was asked."""
    measured: tuple[tuple[str, str], ...] = ()
    """How it was measured: label and text."""
    own_choices: OwnChoices | None = None
    """How a person chose among the pictures; None where nobody was asked."""
    candidate: FieldValues | None = None
    """Where there is no gain: the best candidate, which did not pass."""
    first_proof: HeldOutResult | None = None
    """What the first proof said, where *held_out* is a second one."""
    telling_seeds: int | None = None
    """On how many fresh seeds a second proof would likely succeed; None where none is worth it."""

    @property
    def is_gain(self) -> bool:
        """Whether the winner was proven better than the baseline."""
        return self.verdict == "gain"

    @property
    def spoiled(self) -> tuple[str, ...]:
        """What the best candidate spoils, one sentence for each guard that it breaks."""
        return tuple(guard.text for guard in self.guards if guard.is_broken)

    @property
    def only_spoils(self) -> bool:
        """Whether the best candidate scores higher beyond doubt, and stays unused for what it spoils alone."""
        return not self.is_gain and self.held_out.ci95[0] > 0 and bool(self.spoiled)
