"""The tasks: what a user might bring, on the miniature, from plenty to gain to nothing at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from benchmarks.search.seeds import OWN_SEED
from counterprompt.negative.evidence import dynamic_layer
from counterprompt.negative.subject import layers_for, medium_of, subject_of
from counterprompt.ports import GenerationRequest
from counterprompt.report.controls import POPULAR_TERMS
from counterprompt.search.space import SearchSpace, space_for
from counterprompt.tags.diff import diff_prompt

if TYPE_CHECKING:
    from benchmarks.search.world import CachedWorld

STEPS: Final = 10
"""The miniature's usual number; fewer save time but leave defects that no negative prompt cures."""

POPULAR: Final = ", ".join(POPULAR_TERMS)
FIVE: Final = "blurry, noisy, overexposed, watermark, bad anatomy"
"""The negative that names exactly what the miniature draws wrong."""


@dataclass(frozen=True)
class Task:
    """One thing to tune."""

    name: str
    """Short, for tables."""
    purpose: str
    """What it is for, in one sentence."""
    prompt: str
    """The user's, with LoRAs."""
    negative_prompt: str = ""
    """The user's own."""
    cfg_scale: float = 7.0
    """The user's own."""
    has_gain: bool = True
    """Whether anything can be gained."""
    untreatable: str = ""
    """The defect that the miniature always draws here and no prompt can cure, a tag of the judge's."""
    frozen_space: SearchSpace | None = None
    """A space of its own, where the product's would not do."""

    @property
    def baseline(self) -> GenerationRequest:
        """The user's own settings."""
        return GenerationRequest(
            self.prompt, self.negative_prompt, OWN_SEED, STEPS, "Euler", "Automatic", self.cfg_scale, 64, 64
        )

    def space(self, world: CachedWorld) -> SearchSpace:
        """Build the space as `workflow.plan_tuning` does: layers by subject, terms by what the tagger sees."""
        if self.frozen_space is not None:
            return self.frozen_space
        layers = layers_for(subject_of(self.prompt), medium_of(self.prompt))
        observed = world.tag(world.generate([self.baseline]))[0]
        evidence = dynamic_layer(diff_prompt(self.prompt, self.negative_prompt, observed, ()))
        return space_for(self.baseline, layers, evidence.terms)


_MUTE: Final = SearchSpace(
    layers=(),
    dynamic_terms=("castle", "mountains", "brushwork", "horizon", "garment", "palette", "river", "reflection"),
    cfg_range=None,
)
"""Nothing but words that the miniature's captions never say, and guidance left alone."""

TASKS: Final = (
    Task("house-plain", "No negative and usual CFG: most of what there is to gain.", "purple house, sky background"),
    Task(
        "house-framed-hot",
        "The demo: a LoRA turned up until it spills, no negative; weight and negative must both move.",
        "purple house, sky background, <lora:framed:0.9>",
    ),
    Task(
        "star-striped-max",
        "A LoRA far beyond its good range, and a popular negative against it.",
        "red star, white background, <lora:striped:1.2>",
        POPULAR,
    ),
    Task(
        "circle-framed-good",
        "A LoRA at a good weight: the negative alone has to help.",
        "blue circle, white background, <lora:framed:0.7>",
    ),
    Task("person-plain", "A person without a negative: extra arms dominate.", "green person, sky background"),
    Task(
        "person-popular",
        "A person with the popular long negative, whose words about bodies drive persons away.",
        "blue person, white background",
        POPULAR,
    ),
    Task(
        "person-good",
        "The five right terms already: little to gain.",
        "red person, white background",
        FIVE,
    ),
    Task(
        "square-popular",
        "A shape with the popular negative: half of its words say nothing here.",
        "orange square, black background",
        POPULAR,
    ),
    Task(
        "triangle-cfg-low",
        "Guidance too low: prompt and negative are hardly heard.",
        "green triangle, black background",
        "",
        3.5,
    ),
    Task(
        "circle-cfg-high",
        "Guidance too high: harsh pictures that only less of it cures.",
        "yellow circle, white background",
        "",
        12.0,
    ),
    Task(
        "star-quality-words",
        "A prompt full of praise, and a negative of two vague words.",
        "masterpiece, best quality, purple star, sky background",
        "low quality, worst quality",
    ),
    Task(
        "house-forgotten-style",
        "A style word left over in the prompt that nobody may negate, and a negative against something else.",
        "orange house, white background, cartoon",
        "bad hands, long neck",
    ),
    Task(
        "two-loras",
        "Two LoRAs at once, both too strong.",
        "blue square, sky background, <lora:framed:0.9>, <lora:striped:0.9>",
    ),
    Task(
        "house-sand",
        "Sand always comes with dark corners that no caption names: the vignette is untreatable, the rest is not.",
        "green house, sand background",
        untreatable="vignette",
    ),
    Task(
        "nothing-to-gain",
        "The five right terms, and nothing on offer but words the miniature never learned, with CFG frozen.",
        "red square, sky background",
        FIVE,
        has_gain=False,
        frozen_space=_MUTE,
    ),
)


def task_named(name: str) -> Task:
    """Return the task of that *name*; KeyError where there is none."""
    return {task.name: task for task in TASKS}[name]


def with_popular(baseline: GenerationRequest) -> GenerationRequest:
    """Return *baseline* with the popular fixed negative instead of its own."""
    return replace(baseline, negative_prompt=POPULAR)
