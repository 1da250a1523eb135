"""Faults that stayed, and where to look: what a prompt cannot cure has its cause elsewhere (DESIGN 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.prompts.folding import fold_words
from counterprompt.report.explanations import StayingFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.untreatable import UntreatableDefect


@dataclass(frozen=True)
class FaultHint:
    """Where a fault comes from that no word removes."""

    rule_id: str
    """Short id, to look it up."""
    words: str
    """Words of a defect's name that call for this hint, with commas between."""
    places: tuple[str, ...]
    """Where to look, the likeliest first."""
    text: str
    """What is known of it, in plain sentences."""


HINTS: Final = (
    FaultHint(
        "X-BLUR",
        "blurry, blur, soft, jpeg, artifacts, lowres, pixelated",
        ("training pictures", "steps"),
        "Blur that no word removes mostly comes from training pictures that were scaled up or compressed: sort those "
        "out and train again. More steps, 30 or more, can help; a higher rank of the LoRA does not.",
    ),
    FaultHint(
        "X-HANDS",
        "hands, hand, fingers, digits, feet",
        ("finer words", "ControlNet", "training pictures"),
        "Try finer words in the negative prompt (mutated hands, disconnected fingers, too many fingers, floating "
        "hands), give the pose with ControlNet, and train with pictures mirrored left and right.",
    ),
    FaultHint(
        "X-BODY",
        "anatomy, limbs, arms, legs, body, proportions, malformed, deformed, mutated",
        ("ControlNet", "training pictures"),
        "A pose or depth map through ControlNet holds a body together where words do not; in training, more whole "
        "figures and pictures mirrored left and right help.",
    ),
    FaultHint(
        "X-FACE",
        "face, eyes, asymmetric",
        ("training pictures", "captions"),
        "Faces that stay uneven come from side views, or from captions that do not say so: caption the view, or leave "
        "such pictures out.",
    ),
    FaultHint(
        "X-PAINTED",
        "painting, painterly, illustration, cartoon, anime, sketch, drawing, render",
        ("training pictures", "prompt"),
        "Pictures that drift towards painting were trained on paintings: clean the data set. Until then, put "
        "photograph into the prompt and finer style words (oil painting, brush strokes, canvas texture) into the "
        "negative one.",
    ),
    FaultHint(
        "X-MARK",
        "watermark, text, logo, signature, username",
        ("training pictures", "captions", "inpainting"),
        "Marks that stay were on the training pictures and their captions never said so. Cut the pictures, or name the "
        "mark in the captions: what a caption names can be negated. In a finished picture inpainting removes it.",
    ),
    FaultHint(
        "X-LIGHT",
        "overexposed, underexposed, clipped, garish, dark, saturated, exposure",
        ("LoRA weight", "CFG scale", "VAE"),
        "Light and colours that stay wrong come from a LoRA that is turned up too far, a high CFG scale or the wrong "
        "VAE, before they come from words.",
    ),
    FaultHint(
        "X-NOISE",
        "noisy, noise, grainy, grain",
        ("steps", "sampler", "VAE"),
        "Noise that stays comes from too few steps, the sampler or the VAE: try 30 steps, or another sampler.",
    ),
)
"""Rows of the table, the first whose words stand in a defect's name counts."""

OTHERWISE: Final = FaultHint(
    "X-UNNAMED",
    "",
    ("training pictures", "captions"),
    "The model draws this of its own accord. A fault that was on the training pictures while no caption named it "
    "cannot be negated by any word: look at the training pictures, and name in their captions what is wrong with them.",
)
"""For every other defect, such as dark corners."""


def hint_for(defect: str) -> FaultHint:
    """Return where to look for the cause of *defect*."""
    words = set(fold_words(defect))
    return next((hint for hint in HINTS if words & set(fold_words(hint.words.replace(",", " ")))), OTHERWISE)


def staying_faults(defects: Sequence[UntreatableDefect]) -> tuple[StayingFault, ...]:
    """Give each of *defects* its hint, in order."""
    faults = []
    for defect in defects:
        hint = hint_for(defect.name)
        faults.append(StayingFault(defect.name, defect.before, defect.after, hint.rule_id, hint.places, hint.text))
    return tuple(faults)
