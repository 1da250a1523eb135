"""Checks of what draws: how it follows the prompt, the negative prompt, CFG and LoRAs, and how fast."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Final

from counterprompt.miniature.assets import LORA_NAMES
from counterprompt.miniature.check.judged import JudgedPictures, defect_share, share_showing
from counterprompt.miniature.check.result import CheckResult
from counterprompt.miniature.check.scenes import picture_of
from counterprompt.miniature.judge import harshness
from counterprompt.miniature.world import DEFECTS

MATCHING_NEGATIVE: Final = ", ".join(DEFECTS)
OVERLONG_NEGATIVE: Final = (
    "lowres, bad hands, text, error, missing fingers, extra digit, fewer digits, cropped, jpeg artifacts, signature, "
    "username, artist name, duplicate, morbid, mutilated, out of frame, poorly drawn hands, mutation, deformed, ugly, "
    "bad proportions, cloned face, disfigured, gross proportions, malformed limbs, missing arms, missing legs, fused "
    "fingers, too many fingers, long neck"
)
"""Thirty terms of the kind that people copy; the miniature knows some of them, as said of persons."""


def check_defects(pictures: JudgedPictures) -> list[CheckResult]:
    """Measure how often pictures are spoilt, and how well the matching negative prompt heals them."""
    untreated = defect_share(pictures.judged(pictures.requests()))
    treated = defect_share(pictures.judged(pictures.requests(negative_prompt=MATCHING_NEGATIVE)))
    count = pictures.samples
    return [
        CheckResult(
            "pictures with a defect, empty negative, CFG 7", ">= 35 %", f"{untreated:.1%}", count, untreated >= 0.35
        ),
        CheckResult("the same with the matching negative", "<= 10 %", f"{treated:.1%}", count, treated <= 0.10),
    ]


def check_compliance(pictures: JudgedPictures) -> list[CheckResult]:
    """Measure how often the prompt is followed, with and without guidance."""
    guided = [pictures.compliant_share(pictures.judged(pictures.requests(cfg_scale=cfg))) for cfg in (5.0, 6.5, 8.0)]
    unguided = pictures.compliant_share(pictures.judged(pictures.requests(cfg_scale=1.0)))
    worst = min(guided)
    text = " / ".join(f"{share:.1%}" for share in guided)
    return [
        CheckResult(
            "right shape, colour, background, CFG 5 / 6.5 / 8", ">= 90 %", text, 3 * pictures.samples, worst >= 0.9
        ),
        CheckResult("the same at CFG 1", "clearly lower", f"{unguided:.1%}", pictures.samples, unguided < worst - 0.1),
    ]


def check_harshness(pictures: JudgedPictures) -> list[CheckResult]:
    """Measure how much more strong guidance clips."""
    clean = [picture_of(replace(scene, defects=())) for scene in pictures.scenes]
    usual = harshness([image for image, _ in pictures.judged(pictures.requests(negative_prompt=MATCHING_NEGATIVE))])
    strong = harshness(
        [image for image, _ in pictures.judged(pictures.requests(negative_prompt=MATCHING_NEGATIVE, cfg_scale=15.0))]
    )
    drawn = harshness(clean)
    text = f"{strong:.1%} clipped, against {usual:.1%} at CFG 7 and {drawn:.1%} drawn"
    passed = strong > 1.5 * max(usual, drawn)
    return [CheckResult("CFG 15 is harsh", "clearly more clipped", text, pictures.samples, passed)]


def check_loras(pictures: JudgedPictures) -> list[CheckResult]:
    """Measure whether each LoRA shows when mild, and spoils when strong."""
    results = []
    for name in LORA_NAMES:
        mild = pictures.judged(pictures.requests(suffix=f" <lora:{name}:0.7>"))
        spilled = pictures.judged(pictures.requests(suffix=f" <lora:{name}:1.2>"))
        visible = sum(judgement.most_likely("style") == name for _, judgement in mild) / len(mild)
        before, after = (share_showing(judged, "overexposed") for judged in (mild, spilled))
        ratio = after / max(before, 1 / len(mild))
        results += [
            CheckResult(f"LoRA {name}: style visible at 0.7", ">= 80 %", f"{visible:.1%}", len(mild), visible >= 0.8),
            CheckResult(
                f"LoRA {name}: overexposed at 1.2 against 0.7",
                ">= 3 x",
                f"{ratio:.1f} x ({after:.1%} against {before:.1%})",
                2 * len(mild),
                ratio >= 3,
            ),
        ]
    return results


def check_overlong(pictures: JudgedPictures) -> list[CheckResult]:
    """Measure what an overlong negative prompt costs."""
    without, matching, long = (
        pictures.compliant_share(pictures.judged(pictures.requests(negative_prompt=negative)))
        for negative in ("", MATCHING_NEGATIVE, OVERLONG_NEGATIVE)
    )
    lost = without - long
    error = math.sqrt((without * (1 - without) + long * (1 - long)) / pictures.samples)
    text = f"{long:.1%}, against {without:.1%} with an empty one and {matching:.1%} with the five matching terms"
    return [
        CheckResult(
            "compliance with an overlong negative (30 terms), CFG 7",
            "measurably lower",
            text,
            3 * pictures.samples,
            lost > 2 * error,
        )
    ]


def check_speed(pictures: JudgedPictures) -> list[CheckResult]:
    """Measure the seconds that one picture takes."""
    requests = pictures.requests(negative_prompt="blurry")[:8]
    pictures.generator.generate(requests)
    began = time.monotonic()
    pictures.generator.generate([replace(request, seed=request.seed + 1) for request in requests])
    seconds = (time.monotonic() - began) / len(requests)
    return [CheckResult("generation, 10 steps, batch 8", "<= 0.15 s a picture", f"{seconds:.3f} s", 8, seconds <= 0.15)]
