"""The miniature, drawn as fast as one core can: the world of this benchmark.

It differs from the product's generator in speed alone: half the bits (bfloat16) where the processor computes in them,
and pictures of different guidance and LoRA weight in one batch (see `mixing`). Seed by seed pictures differ by
rounding; every method searches the same world.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from benchmarks.search.measurement import Measurement
from benchmarks.search.mixing import MixedGenerator
from counterprompt.prompts.plain import plain_text

if TYPE_CHECKING:
    from PIL import Image

    from counterprompt.ports import GenerationRequest, Scores

BATCH: Final = {"cpu": 32, "cuda": 512}
"""Pictures drawn at once, by device; on a CPU more do not make it faster."""

DEVICE: Final = "COUNTERPROMPT_BENCH_DEVICE"
"""Environment variable: "cpu" or "cuda". Each device is a world of its own: its pictures are rounded otherwise."""


def is_half_fast(device: str) -> bool:
    """Whether *device* computes in bfloat16; a processor that only imitates it is twenty times slower."""
    import torch

    return device != "cpu" or bool(torch.cpu._is_avx512_bf16_supported())


def world_name(device: str) -> str:
    """Name the world that *device* draws."""
    from counterprompt.bootstrap.miniature import miniature_folder

    name = f"{miniature_folder().name} {'bf16' if is_half_fast(device) else 'fp32'} mixed"
    return name if device == "cpu" else f"{name} {device}"


class MiniatureWorld:
    """Draws with the miniature, scores with its CLIP, judges and tags."""

    def __init__(self, device: str = "cpu") -> None:
        import torch

        from counterprompt.bootstrap.miniature import miniature_folder
        from counterprompt.bootstrap.taggers import load_tagger
        from counterprompt.miniature.judge import load_judge
        from counterprompt.scoring.clip_scorer import load_clip_scorer
        from counterprompt.settings import Settings

        torch.set_num_threads(1)
        folder, self._batch = miniature_folder(), BATCH[device]
        self._generator = MixedGenerator(
            folder / "miniature.safetensors", folder / "loras", self._batch, device, is_half_fast(device)
        )
        self._scorer = load_clip_scorer(folder / "clip", device=device, batch_size=self._batch)
        self._judge = load_judge()
        self._tagger = load_tagger(Settings(data_folder=folder))
        self.name = world_name(device)

    def measure(self, requests: Sequence[GenerationRequest]) -> list[Measurement]:
        """Draw and measure, in order of LoRA weights and prompts, so that each LoRA is merged once."""
        order = sorted(range(len(requests)), key=lambda row: (requests[row].prompt, requests[row].negative_prompt))
        measured: dict[int, Measurement] = {}
        for start in range(0, len(order), self._batch):
            rows = order[start : start + self._batch]
            images = self._generator.generate([requests[row] for row in rows])
            measured.update(zip(rows, self._say(images, [requests[row] for row in rows])))
        return [measured[row] for row in range(len(requests))]

    def _say(self, images: Sequence[Image.Image], requests: Sequence[GenerationRequest]) -> list[Measurement]:
        scores = self._scores(images, [plain_text(request.prompt).strip() for request in requests])
        seen = self._tagger.tag(images)
        return [
            Measurement(each, dict(judged.probabilities), {tag.name: tag.confidence for tag in tags.tags})
            for each, judged, tags in zip(scores, self._judge.judge(images), seen)
        ]

    def _scores(self, images: Sequence[Image.Image], texts: Sequence[str]) -> list[Scores]:
        """Score each picture against its own text: the scorer takes one text at a time."""
        embeddings = self._scorer.embedder.embed_pictures(images)
        scored: dict[int, Scores] = {}
        for text in dict.fromkeys(texts):
            rows = [row for row, own in enumerate(texts) if own == text]
            scores = self._scorer.score_embeddings(embeddings[rows], [images[row] for row in rows], text)
            scored.update(zip(rows, scores))
        return [scored[row] for row in range(len(images))]


class LazyMiniature:
    """The same, loaded when the first picture is missing: what is cached needs no model."""

    def __init__(self) -> None:
        self._device = os.environ.get(DEVICE, "cpu")
        self.name = world_name(self._device)
        self._world: MiniatureWorld | None = None

    def measure(self, requests: Sequence[GenerationRequest]) -> list[Measurement]:
        """Load the miniature where it is not loaded yet, and draw."""
        if self._world is None:
            self._world = MiniatureWorld(self._device)
        return self._world.measure(requests)
