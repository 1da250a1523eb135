"""Requests as a WebUI takes them."""

from dataclasses import replace

import pytest

from counterprompt.generation.webui_requests import consecutive_batches, txt2img_body
from counterprompt.ports import GenerationRequest

REQUEST = GenerationRequest("a house", "blurry", 7, steps=10, width=64, height=32)


@pytest.mark.parametrize(
    ("seeds", "expected"),
    [
        ([7, 8, 9, 10, 11], [[7, 8, 9, 10], [11]]),
        ([7, 9, 8], [[7], [9], [8]]),
        ([7, 7], [[7], [7]]),
        ([], []),
    ],
)
def test_only_consecutive_seeds_share_a_batch(seeds: list[int], expected: list[list[int]]):
    """A batch counts up by one, as the host does, and has four at most."""
    batches = consecutive_batches([replace(REQUEST, seed=seed) for seed in seeds], 4)

    assert expected == [[request.seed for request in batch] for batch in batches]


def test_the_first_seed_and_the_count_are_sent():
    """The body is for one call, and asks the host to save nothing."""
    body = txt2img_body(REQUEST, 3)

    assert (7, 3, 1, "Automatic") == (body["seed"], body["batch_size"], body["n_iter"], body["scheduler"])
    assert not body["save_images"]
