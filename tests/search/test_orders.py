"""Orders and results as values, and through JSON."""

import base64
import json
import struct
import zlib
from dataclasses import replace

import pytest

from counterprompt.errors import ScorerError
from counterprompt.generation.fake import FakeGenerator
from counterprompt.ports import GenerationRequest, Scores
from counterprompt.search.orders import (
    Order,
    only_probes,
    order_from_json,
    order_to_json,
    orders_for,
    picture_from_text,
    picture_to_text,
    scores_from_json,
    scores_to_json,
)

REQUEST = GenerationRequest("a house <lora:x:1>", "blurry", 5, cfg_scale=6.5, width=32, height=32)


def test_what_differs_in_seeds_alone_is_one_order():
    """Neighbours that share everything but their seeds are joined, others are not."""
    other = replace(REQUEST, negative_prompt="")
    requests = [replace(REQUEST, seed=8), REQUEST, replace(other, seed=1), replace(other, seed=2), REQUEST]

    orders = list(orders_for(requests, keep=True))

    assert [(8, 5), (1, 2), (5,)] == [order.seeds for order in orders]
    assert requests == [request for order in orders for request in order.requests]
    assert [] == list(orders_for([], keep=True))


def test_values_survive_json():
    """Orders and scores come back from JSON text as they were."""
    order = Order(REQUEST, (5, 7), keep=False)
    scores = Scores(5.123456789012345, 0.27, {"blurry": 0.1}, {"clipped": 0.01}, 21.5)

    assert order == order_from_json(json.loads(json.dumps(order_to_json(order))))
    assert scores == scores_from_json(json.loads(json.dumps(scores_to_json(scores))))


def test_a_picture_survives_text_and_is_made_small():
    """A small picture comes back as it was; a large one is scaled down; anything else is refused."""
    (small,) = FakeGenerator().generate([REQUEST])
    large = small.resize((1024, 768))

    assert small.tobytes() == picture_from_text(picture_to_text(small)).tobytes()
    assert (512, 384) == picture_from_text(picture_to_text(large)).size
    bomb = bytearray(base64.b64decode(picture_to_text(small)))
    bomb[16:24] = struct.pack(">II", 60_000, 60_000)
    bomb[29:33] = struct.pack(">I", zlib.crc32(bomb[12:29]))
    for text in ("?", "aGVsbG8=", base64.b64encode(bomb).decode()):
        with pytest.raises(ValueError, match="no PNG"):
            picture_from_text(text)


def test_only_the_named_probes_stay():
    """Artifacts are cut to those named; None leaves them; a missing one is refused."""
    scores = Scores(5.0, 0.2, {"a": 0.1, "b": 0.2})

    assert [{"b": 0.2}] == [each.artifacts for each in only_probes([scores], ["b"])]
    assert [scores] == only_probes([scores], None)
    with pytest.raises(ScorerError, match="no probe for c"):
        only_probes([scores], ["b", "c"])


def test_a_scorer_may_keep_quiet_of_what_it_knows():
    """A defect that the prompt asks for is none of its pictures', yet the worker's scorer has the probe."""
    scores = Scores(5.0, 0.2, {"b": 0.2})

    assert [scores] == only_probes([scores], ["b", "tagger: c"], known=["b", "tagger: c"])
    with pytest.raises(ScorerError, match="no probe for d"):
        only_probes([scores], ["b", "d"], known=["b", "tagger: c"])
