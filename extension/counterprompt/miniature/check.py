"""Measures whether the miniature is a fit world to search in, and prints each bar beside what was found.

Everything about generated pictures is said by the judge; the sample size stands with every figure.
"""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from counterprompt.miniature.assets import LORA_NAMES, WEIGHTS
from counterprompt.miniature.judge import Judge, Judgement, harshness
from counterprompt.miniature.labels import DEFECT_TAGS, TAGS, tags_of
from counterprompt.miniature.world import BACKGROUNDS, COLOURS, DEFECTS, SHAPES, Scene, draw, sample_scene
from counterprompt.ports import GenerationRequest, ImageGenerator, ProgressListener, Scorer, SilentProgress, Tagger

if TYPE_CHECKING:
    from PIL import Image

MATCHING_NEGATIVE: Final = ", ".join(DEFECTS)
OVERLONG_NEGATIVE: Final = (
    "lowres, bad hands, text, error, missing fingers, extra digit, fewer digits, cropped, jpeg artifacts, signature, "
    "username, artist name, duplicate, morbid, mutilated, out of frame, poorly drawn hands, mutation, deformed, ugly, "
    "bad proportions, cloned face, disfigured, gross proportions, malformed limbs, missing arms, missing legs, fused "
    "fingers, too many fingers, long neck"
)
"""Thirty terms of the kind that people copy; the miniature knows some of them, as said of persons."""

_STEPS: Final = 10
_USUAL_CFG: Final = 7.0


@dataclass(frozen=True)
class CheckResult:
    """One bar and what was measured."""

    name: str
    """What was measured, in words."""
    bar: str
    """What it should be."""
    measured: str
    """What it is."""
    samples: int
    """Pictures that the figure rests on."""
    passed: bool
    """Whether it meets the bar."""


class MiniatureCheck:
    """Runs the checks one by one, keeping generated pictures for those that share them.

    Args:
        generator: the miniature behind the generator port.
        scorer: reads the miniature's CLIP.
        tagger: reads the miniature's tagger.
        judge: says what is true.
        samples: pictures for each setting, at least 16.
        progress: hears of every batch.
    """

    def __init__(
        self,
        generator: ImageGenerator,
        scorer: Scorer,
        tagger: Tagger,
        judge: Judge,
        *,
        samples: int = 128,
        progress: ProgressListener | None = None,
    ) -> None:
        self._generator, self._scorer, self._tagger, self._judge = generator, scorer, tagger, judge
        self._samples = samples
        self._progress = progress or SilentProgress()
        self._scenes = _scenes(samples, seed=77)
        self._judged: dict[tuple[GenerationRequest, ...], list[tuple[Image.Image, Judgement]]] = {}

    def run(self) -> list[CheckResult]:
        """Measure everything; minutes, depending on *samples*."""
        checks: list[Callable[[], list[CheckResult]]] = [
            self._weights,
            self._tagging,
            self._probes_on_drawn,
            self._defects,
            self._compliance,
            self._harshness,
            self._loras,
            self._overlong,
            self._probes_on_generated,
            self._speed,
        ]
        results: list[CheckResult] = []
        for number, check in enumerate(checks):
            self._progress.advance("checks", number, len(checks))
            results += check()
        return results

    def _weights(self) -> list[CheckResult]:
        megabytes = sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file()) / 1e6
        return [CheckResult("weights together", "<= 24 MB", f"{megabytes:.1f} MB", 0, megabytes <= 24)]

    def _tagging(self) -> list[CheckResult]:
        scenes = _fresh_scenes(1000)
        observed = self._tagger.tag([_picture(scene) for scene in scenes])
        seen = [frozenset(tags.names()) for tags in observed]
        scores = [f1_score(tag, seen, [tags_of(scene) for scene in scenes]) for tag in TAGS]
        mean = sum(scores) / len(scores)
        worst = TAGS[scores.index(min(scores))]
        text = f"{mean:.3f} (worst: {worst} {min(scores):.3f})"
        return [CheckResult("tagger, macro-F1 on drawn pictures", ">= 0.90", text, len(scenes), mean >= 0.9)]

    def _probes_on_drawn(self) -> list[CheckResult]:
        scenes = _fresh_scenes(1000)
        probabilities = [score.artifacts for score in self._scorer.score([_picture(one) for one in scenes], "")]
        truths = [tags_of(scene) for scene in scenes]
        areas = {
            name: roc_area([row[name] for row in probabilities], [name in truth for truth in truths])
            for name in DEFECT_TAGS
        }
        return [_worst_area("CLIP probes, AUC on drawn pictures", 0.95, areas, len(scenes))]

    def _probes_on_generated(self) -> list[CheckResult]:
        for defect in DEFECTS:
            self._generate(self._requests(prefix=f"{defect}, ")[: max(16, self._samples // 2)])
        seen = list(itertools.chain.from_iterable(self._judged.values()))
        images = [image for image, _ in seen]
        probabilities = [score.artifacts for score in self._scorer.score(images, "")]
        areas = {}
        for name in DEFECTS:
            truth = [judgement.shows(name) for _, judgement in seen]
            areas[name] = roc_area([row[name] for row in probabilities], truth)
        return [_worst_area("CLIP probes, AUC on generated pictures", 0.90, areas, len(images))]

    def _defects(self) -> list[CheckResult]:
        untreated = _defect_share(self._generate(self._requests()))
        treated = _defect_share(self._generate(self._requests(negative_prompt=MATCHING_NEGATIVE)))
        count = self._samples
        return [
            CheckResult(
                "pictures with a defect, empty negative, CFG 7", ">= 35 %", f"{untreated:.1%}", count, untreated >= 0.35
            ),
            CheckResult("the same with the matching negative", "<= 10 %", f"{treated:.1%}", count, treated <= 0.10),
        ]

    def _compliance(self) -> list[CheckResult]:
        guided = [self._compliant(self._generate(self._requests(cfg_scale=cfg))) for cfg in (5.0, 6.5, 8.0)]
        unguided = self._compliant(self._generate(self._requests(cfg_scale=1.0)))
        worst = min(guided)
        text = " / ".join(f"{share:.1%}" for share in guided)
        return [
            CheckResult(
                "right shape, colour, background, CFG 5 / 6.5 / 8", ">= 90 %", text, 3 * self._samples, worst >= 0.9
            ),
            CheckResult("the same at CFG 1", "clearly lower", f"{unguided:.1%}", self._samples, unguided < worst - 0.1),
        ]

    def _harshness(self) -> list[CheckResult]:
        clean = [_picture(replace(scene, defects=())) for scene in self._scenes]
        usual = harshness([image for image, _ in self._generate(self._requests(negative_prompt=MATCHING_NEGATIVE))])
        strong = harshness(
            [image for image, _ in self._generate(self._requests(negative_prompt=MATCHING_NEGATIVE, cfg_scale=15.0))]
        )
        drawn = harshness(clean)
        text = f"{strong:.1%} clipped, against {usual:.1%} at CFG 7 and {drawn:.1%} drawn"
        passed = strong > 1.5 * max(usual, drawn)
        return [CheckResult("CFG 15 is harsh", "clearly more clipped", text, self._samples, passed)]

    def _loras(self) -> list[CheckResult]:
        results = []
        for name in LORA_NAMES:
            mild = self._generate(self._requests(suffix=f" <lora:{name}:0.7>"))
            spilled = self._generate(self._requests(suffix=f" <lora:{name}:1.2>"))
            visible = sum(judgement.most_likely("style") == name for _, judgement in mild) / len(mild)
            before, after = (_share(pictures, "overexposed") for pictures in (mild, spilled))
            ratio = after / max(before, 1 / len(mild))
            results += [
                CheckResult(
                    f"LoRA {name}: style visible at 0.7", ">= 80 %", f"{visible:.1%}", len(mild), visible >= 0.8
                ),
                CheckResult(
                    f"LoRA {name}: overexposed at 1.2 against 0.7",
                    ">= 3 x",
                    f"{ratio:.1f} x ({after:.1%} against {before:.1%})",
                    2 * len(mild),
                    ratio >= 3,
                ),
            ]
        return results

    def _overlong(self) -> list[CheckResult]:
        without, matching, long = (
            self._compliant(self._generate(self._requests(negative_prompt=negative)))
            for negative in ("", MATCHING_NEGATIVE, OVERLONG_NEGATIVE)
        )
        lost = without - long
        error = math.sqrt((without * (1 - without) + long * (1 - long)) / self._samples)
        text = f"{long:.1%}, against {without:.1%} with an empty one and {matching:.1%} with the five matching terms"
        return [
            CheckResult(
                "compliance with an overlong negative (30 terms), CFG 7",
                "measurably lower",
                text,
                3 * self._samples,
                lost > 2 * error,
            )
        ]

    def _speed(self) -> list[CheckResult]:
        requests = self._requests(negative_prompt="blurry")[:8]
        self._generator.generate(requests)
        began = time.monotonic()
        self._generator.generate([replace(request, seed=request.seed + 1) for request in requests])
        seconds = (time.monotonic() - began) / len(requests)
        return [
            CheckResult("generation, 10 steps, batch 8", "<= 0.15 s a picture", f"{seconds:.3f} s", 8, seconds <= 0.15)
        ]

    def _requests(
        self, *, negative_prompt: str = "", cfg_scale: float = _USUAL_CFG, prefix: str = "", suffix: str = ""
    ) -> list[GenerationRequest]:
        return [
            GenerationRequest(
                prompt=f"{prefix}{scene.colour} {scene.shape}, {scene.background} background{suffix}",
                negative_prompt=negative_prompt,
                seed=9000 + number,
                steps=_STEPS,
                sampler_name="Euler",
                cfg_scale=cfg_scale,
                width=64,
                height=64,
            )
            for number, scene in enumerate(self._scenes)
        ]

    def _generate(self, requests: Sequence[GenerationRequest]) -> list[tuple[Image.Image, Judgement]]:
        """Draw and judge *requests*, once: checks that ask for the same pictures share them."""
        asked = tuple(requests)
        if asked not in self._judged:
            self._judged[asked] = self._draw(asked)
        return self._judged[asked]

    def _draw(self, requests: Sequence[GenerationRequest]) -> list[tuple[Image.Image, Judgement]]:
        images: list[Image.Image] = []
        ordered = sorted(range(len(requests)), key=lambda row: requests[row].prompt)
        for start in range(0, len(ordered), self._generator.batch_size):
            rows = ordered[start : start + self._generator.batch_size]
            images += self._generator.generate([requests[row] for row in rows])
        by_row = dict(zip(ordered, images))
        pictures = [by_row[row] for row in range(len(requests))]
        return list(zip(pictures, self._judge.judge(pictures)))

    def _compliant(self, judged: Sequence[tuple[Image.Image, Judgement]]) -> float:
        right = 0
        for (_, judgement), scene in zip(judged, self._scenes):
            wanted = {"shape": scene.shape, "colour": scene.colour, "background": f"{scene.background} background"}
            right += all(judgement.most_likely(group) == tag for group, tag in wanted.items())
        return right / len(judged)


def _scenes(count: int, *, seed: int) -> list[Scene]:
    """Spread *count* scenes evenly over shapes, colours and backgrounds."""
    rng = random.Random(seed)
    cells = list(itertools.product(SHAPES, COLOURS, BACKGROUNDS))
    rng.shuffle(cells)
    chosen = itertools.islice(itertools.cycle(cells), count)
    return [sample_scene(rng, shape=shape, colour=colour, background=ground) for shape, colour, ground in chosen]


def _fresh_scenes(count: int) -> list[Scene]:
    rng = random.Random(987_654)
    return [
        sample_scene(rng, style=rng.choice(("striped", "framed")) if rng.random() < 0.2 else None) for _ in range(count)
    ]


def _picture(scene: Scene) -> Image.Image:
    from PIL import Image

    return Image.fromarray(draw(scene))


def _defect_share(judged: Sequence[tuple[Image.Image, Judgement]]) -> float:
    return sum(bool(judgement.defects) for _, judgement in judged) / len(judged)


def _share(judged: Sequence[tuple[Image.Image, Judgement]], tag: str) -> float:
    return sum(judgement.shows(tag) for _, judgement in judged) / len(judged)


def f1_score(tag: str, seen: Sequence[frozenset[str]], truth: Sequence[frozenset[str]]) -> float:
    """Return the harmonic mean of precision and recall of *tag*, 0 to 1; 1 where it is neither seen nor true."""
    both = sum(tag in found and tag in true for found, true in zip(seen, truth))
    either = sum(tag in found for found in seen) + sum(tag in true for true in truth)
    return 2 * both / either if either else 1.0


def roc_area(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """Area under the ROC curve: how often a picture with the defect scores above one without, ties counting half."""
    ranked = sorted(zip(scores, truth))
    positives = sum(truth)
    negatives = len(truth) - positives
    if not positives or not negatives:
        return float("nan")
    total = 0.0
    position = 0
    for _, group in itertools.groupby(ranked, key=lambda pair: pair[0]):
        members = [true for _, true in group]
        total += sum(members) * (position + (len(members) + 1) / 2)
        position += len(members)
    return (total - positives * (positives + 1) / 2) / (positives * negatives)


def _worst_area(name: str, bar: float, areas: dict[str, float], samples: int) -> CheckResult:
    text = ", ".join(f"{defect} {area:.3f}" for defect, area in areas.items())
    passed = all(area >= bar for area in areas.values())
    return CheckResult(name, f">= {bar:.2f} each", text, samples, passed)
