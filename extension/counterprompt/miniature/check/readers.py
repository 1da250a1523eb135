"""Checks of what reads pictures: the tagger and the probes of the CLIP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.miniature.check.accuracy import f1_score, roc_area
from counterprompt.miniature.check.result import CheckResult, result_of_areas
from counterprompt.miniature.check.scenes import fresh_scenes, picture_of
from counterprompt.miniature.labels import DEFECT_TAGS, TAGS, tags_of
from counterprompt.miniature.world import DEFECTS

if TYPE_CHECKING:
    from counterprompt.miniature.check.judged import JudgedPictures
    from counterprompt.ports import Scorer, Tagger


def check_tagging(tagger: Tagger) -> list[CheckResult]:
    """Measure the tagger on drawn pictures."""
    scenes = fresh_scenes(1000)
    observed = tagger.tag([picture_of(scene) for scene in scenes])
    seen = [frozenset(tags.names()) for tags in observed]
    scores = [f1_score(tag, seen, [tags_of(scene) for scene in scenes]) for tag in TAGS]
    mean = sum(scores) / len(scores)
    worst = TAGS[scores.index(min(scores))]
    text = f"{mean:.3f} (worst: {worst} {min(scores):.3f})"
    return [CheckResult("tagger, macro-F1 on drawn pictures", ">= 0.90", text, len(scenes), mean >= 0.9)]


def check_probes_on_drawn(scorer: Scorer) -> list[CheckResult]:
    """Measure the probes on drawn pictures."""
    scenes = fresh_scenes(1000)
    probabilities = [score.artifacts for score in scorer.score([picture_of(one) for one in scenes], "")]
    truths = [tags_of(scene) for scene in scenes]
    areas = {
        name: roc_area([row[name] for row in probabilities], [name in truth for truth in truths])
        for name in DEFECT_TAGS
    }
    return [result_of_areas("CLIP probes, AUC on drawn pictures", 0.95, areas, len(scenes))]


def check_probes_on_generated(scorer: Scorer, pictures: JudgedPictures) -> list[CheckResult]:
    """Measure the probes on all pictures generated so far and on some with each defect asked for."""
    for defect in DEFECTS:
        pictures.judged(pictures.requests(prefix=f"{defect}, ")[: max(16, pictures.samples // 2)])
    seen = pictures.everything()
    images = [image for image, _ in seen]
    probabilities = [score.artifacts for score in scorer.score(images, "")]
    areas = {}
    for name in DEFECTS:
        truth = [judgement.shows(name) for _, judgement in seen]
        areas[name] = roc_area([row[name] for row in probabilities], truth)
    return [result_of_areas("CLIP probes, AUC on generated pictures", 0.90, areas, len(images))]
