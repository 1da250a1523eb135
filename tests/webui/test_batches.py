"""Tests for which requests share a call of the host."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterprompt.ports import GenerationRequest
from counterprompt.webui.batches import batches, negative_length

ONE = GenerationRequest("a cat", "blurry", 1)


@pytest.mark.parametrize(
    ("requests", "sizes"),
    [
        ([], []),
        ([ONE], [1]),
        ([replace(ONE, seed=seed) for seed in range(5)], [3, 2]),
        ([ONE, replace(ONE, negative_prompt="noisy")], [2]),
        ([ONE, replace(ONE, negative_prompt="a very long one")], [1, 1]),
        ([ONE, replace(ONE, cfg_scale=8.0), ONE], [1, 1, 1]),
        ([ONE, replace(ONE, prompt="a cat <lora:x:0.5>")], [1, 1]),
    ],
    ids=["none", "one", "full", "negatives of one length", "of two lengths", "CFG", "LoRA weight"],
)
def test_only_seed_and_negative_prompt_may_differ(requests: list[GenerationRequest], sizes: list[int]) -> None:
    """A batch holds at most three requests here, in order, alike but for seeds and negatives of one length."""
    cut = list(batches(requests, 3, lambda text: len(text.split())))

    assert (sizes, requests) == ([len(batch) for batch in cut], [request for batch in cut for request in batch])


@pytest.mark.parametrize("text", ["[blurry::0.5]", "blurry BREAK noisy", "blurry"])
def test_a_length_that_nobody_knows_is_the_text_itself(text: str) -> None:
    """Without a host to count tokens, and for texts that change while drawing, only equal texts are alike."""
    assert text == negative_length(text)
