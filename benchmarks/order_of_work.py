"""What one study makes a generator do beside drawing: LoRA merges, calls, encoded negatives.

    PYTHONPATH=extension python benchmarks/order_of_work.py
    PYTHONPATH=extension python benchmarks/order_of_work.py --budget 480

A counting generator stands where the study's own would: it draws nothing (the fake generator does), and counts

- batches: calls of `generate` cut to what fits into one batch of a local checkpoint: one LoRA state, one CFG scale;
- merges: how often the LoRAs in use change from one batch to the next, the slowest of all switches;
- negatives: how often a batch needs a negative prompt that the one before it did not have;
- calls: how many calls of the WebUI's API it takes, which draws only consecutive seeds of one request together.

Seen (240 pictures, batches of 4): 26 merges, 55 negatives, 87 batches. Through the API 240 calls with seeds drawn one
by one, 85 with seeds in runs of 4, as studies on a WebUI have them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.generation.webui_requests import consecutive_batches
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.plan import plan_study
from counterprompt.search.space import own_lora_weights, space_for
from counterprompt.search.study import run_study

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

BASELINE = GenerationRequest("a house <lora:style:1>", "painting,", 7, cfg_scale=5.0, width=32, height=32)
LAYERS = (NegativeLayer("base", ("low quality", "blurry")), NegativeLayer("style", ("painting", "watermark")))
BATCH = 4


class Counting(FakeGenerator):
    """Counts what a real generator would have to do."""

    def __init__(self) -> None:
        super().__init__(batch_size=BATCH)
        self.batches = self.merges = self.negatives = self.calls = 0
        self._loras: object = None
        self._known: set[str] = set()

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Count, then draw."""
        self.calls += sum(1 for _ in consecutive_batches(requests, BATCH))
        groups: dict[tuple[object, float], list[GenerationRequest]] = {}
        for request in requests:
            loras = tuple(own_lora_weights(request.prompt).items())
            groups.setdefault((loras, request.cfg_scale), []).append(request)
        for (loras, _), members in groups.items():
            self.batches += -(-len(members) // BATCH)
            self.merges += loras != self._loras
            self._loras = loras
            negatives = {request.negative_prompt for request in members}
            self.negatives += len(negatives - self._known)
            self._known = negatives
        return super().generate(requests)


def count(budget: int, seed_run: int) -> Counting:
    """Run one study whose seeds come in runs of *seed_run*, and return what it made the generator do."""
    generator = Counting()
    plan = plan_study(BASELINE, space_for(BASELINE, LAYERS), budget, search_seed=1, seed_run=seed_run)
    with tempfile.TemporaryDirectory(prefix="order-of-work-") as folder:
        run_study(plan, generator, FakeScorer(), None, Path(folder) / "study")
    return generator


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description="Count what a study makes a generator do.")
    parser.add_argument("--budget", type=int, default=240)
    options = parser.parse_args()
    for seed_run, name in ((1, "seeds one by one"), (BATCH, f"seeds in runs of {BATCH}")):
        found = count(options.budget, seed_run)
        sys.stdout.write(
            f"{name}: {found.pictures} pictures, {found.batches} batches, {found.merges} merges, "
            f"{found.negatives} negatives, {found.calls} calls of the API\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
