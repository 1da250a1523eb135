"""Pictures that the miniature draws for its check, and what the judge says of them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from counterprompt.miniature.check.scenes import even_scenes
from counterprompt.ports import GenerationRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from counterprompt.miniature.judge import Judge, Judgement
    from counterprompt.ports import ImageGenerator

_STEPS: Final = 10
_USUAL_CFG: Final = 7.0


class JudgedPictures:
    """Pictures of evenly spread scenes as the miniature draws them, judged, and kept for checks that share them.

    Args:
        generator: the miniature behind the generator port.
        judge: says what is true.
        samples: scenes, and pictures for each setting.
    """

    def __init__(self, generator: ImageGenerator, judge: Judge, samples: int) -> None:
        self.generator, self.samples = generator, samples
        self.scenes = even_scenes(samples, seed=77)
        self._judge = judge
        self._judged: dict[tuple[GenerationRequest, ...], list[tuple[Image.Image, Judgement]]] = {}

    def requests(
        self, *, negative_prompt: str = "", cfg_scale: float = _USUAL_CFG, prefix: str = "", suffix: str = ""
    ) -> list[GenerationRequest]:
        """Return one request for each scene: *prefix*, what the scene shows, *suffix*."""
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
            for number, scene in enumerate(self.scenes)
        ]

    def judged(self, requests: Sequence[GenerationRequest]) -> list[tuple[Image.Image, Judgement]]:
        """Draw and judge *requests*, once: checks that ask for the same pictures share them."""
        asked = tuple(requests)
        if asked not in self._judged:
            self._judged[asked] = self._draw(asked)
        return self._judged[asked]

    def everything(self) -> list[tuple[Image.Image, Judgement]]:
        """Return all pictures that any check has asked for so far."""
        return list(itertools.chain.from_iterable(self._judged.values()))

    def compliant_share(self, judged: Sequence[tuple[Image.Image, Judgement]]) -> float:
        """Return the share of *judged*, one for each scene, with the shape, colour and background asked for."""
        right = 0
        for (_, judgement), scene in zip(judged, self.scenes):
            wanted = {"shape": scene.shape, "colour": scene.colour, "background": f"{scene.background} background"}
            right += all(judgement.most_likely(group) == tag for group, tag in wanted.items())
        return right / len(judged)

    def _draw(self, requests: Sequence[GenerationRequest]) -> list[tuple[Image.Image, Judgement]]:
        images: list[Image.Image] = []
        ordered = sorted(range(len(requests)), key=lambda row: requests[row].prompt)
        for start in range(0, len(ordered), self.generator.batch_size):
            rows = ordered[start : start + self.generator.batch_size]
            images += self.generator.generate([requests[row] for row in rows])
        by_row = dict(zip(ordered, images))
        pictures = [by_row[row] for row in range(len(requests))]
        return list(zip(pictures, self._judge.judge(pictures)))


def defect_share(judged: Sequence[tuple[Image.Image, Judgement]]) -> float:
    """Return the share of *judged* with any defect."""
    return sum(bool(judgement.defects) for _, judgement in judged) / len(judged)


def share_showing(judged: Sequence[tuple[Image.Image, Judgement]], tag: str) -> float:
    """Return the share of *judged* that shows *tag*."""
    return sum(judgement.shows(tag) for _, judgement in judged) / len(judged)
