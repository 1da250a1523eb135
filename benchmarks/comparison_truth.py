"""The truth that `compare` is held to on the miniature: what its judge says of pictures on seeds of their own.

Who reproduces a picture wants what it shows in the style it is in. Its own defects may come again or not: nobody asks
for blur, and nobody who drops a blurred picture can complain of it. Defects that it does not have are not wanted. So
five questions are put to the judge, which neither the comparison nor anything it uses has ever seen: is the shape the
dropped scene's, the colour, the background, the style, and is there no defect that the scene lacks? A picture's truth
is the share of yes; a prompt's is the mean over seeds that the comparison did not draw on.

A prompt is provably worse when some other prompt's lead over it has a paired Student interval above zero, at 95 % for
all the other prompts together (Bonferroni). Where that is not so, the seeds cannot tell them apart, and either is
right.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING

from counterprompt.miniature.labels import GROUPS, tags_of
from counterprompt.search.comparison_result import differences
from counterprompt.search.statistics import paired_estimate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from counterprompt.miniature.judge import Judge, Judgement
    from counterprompt.miniature.world import Scene
    from counterprompt.ports import GenerationRequest, ImageGenerator
    from counterprompt.search.comparison_result import PromptVariant

_FAMILY_DOUBT = 0.05


def judge_prompts(
    variants: Sequence[PromptVariant],
    request: GenerationRequest,
    generator: ImageGenerator,
    judge: Judge,
    seeds: Sequence[int],
) -> dict[str, list[Judgement]]:
    """Draw each prompt on each of *seeds* and have the pictures judged; prompts by name."""
    found = {}
    for variant in variants:
        worded = replace(request, prompt=variant.prompt, negative_prompt=variant.negative_prompt)
        images = []
        for start in range(0, len(seeds), generator.batch_size):
            block = seeds[start : start + generator.batch_size]
            images += generator.generate([replace(worded, seed=seed) for seed in block])
        found[variant.name] = judge.judge(images)
    return found


def rightness(judgement: Judgement, scene: Scene) -> float:
    """Return the share of the five questions that are answered with yes, 0 to 1."""
    return (4 * rightness_of_content(judgement, scene) + set(scene.defects).issuperset(judgement.defects)) / 5


def rightness_of_content(judgement: Judgement, scene: Scene) -> float:
    """Return the share of the first four questions that are answered with yes, 0 to 1."""
    wanted = tags_of(scene)
    return fmean(judgement.most_likely(group) in wanted for group in GROUPS)


def is_provably_worse(name: str, truth: Mapping[str, Sequence[float]]) -> bool:
    """Whether the prompt called *name* is behind another one beyond doubt."""
    others = [each for each in truth if each != name]
    confidence = 1 - _FAMILY_DOUBT / len(others)
    return any(paired_estimate(differences(truth[each], truth[name]), confidence).low > 0 for each in others)
