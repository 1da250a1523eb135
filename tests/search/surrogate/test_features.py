"""What describes a candidate."""

from dataclasses import replace

import numpy as np
import pytest

from counterprompt.ports import GenerationRequest
from counterprompt.search.space import SearchSpace
from counterprompt.search.surrogate.features import CandidateFeatures


def test_the_users_settings_are_the_origin(features: CandidateFeatures):
    """The baseline's point has no feature, and negates the user's own two terms."""
    point = features.baseline_point[None, :]

    assert not features.of(point).any()
    assert [2.0] == features.term_counts(features.of(point)).tolist()


@pytest.mark.parametrize(
    ("params", "terms"),
    [
        ({"own": 0}, 0),
        ({"own": 0, "layer:base": 1, "term:blurry": 1}, 1),
        ({"own": 1, "layer:base": 1, "term:blurry": 1}, 2),
        ({"own": 0, "layer:base": 1, "layer:style": 1, "term:noisy": 1}, 1),
        ({"own": 0, "layer:style": 1, "term:blurry": 1}, 0),
        ({"own": 0, "layer:dynamic": 1, "term:text": 1}, 1),
    ],
)
def test_a_term_counts_once_and_only_in_a_layer_that_is_on(features: CandidateFeatures, params: dict, terms: int):
    """However many layers hold it, a term counts once; in a layer that is off it does not count."""
    assert [terms] == features.term_counts(features.of(features.points([params]))).tolist()


def test_features_tell_whatever_is_rendered_differently(features: CandidateFeatures):
    """Points with different negatives, weights or guidance have different features."""
    points = features.points(
        [{}, {"own": 0}, {"layer:style": 1, "term:painting": 1}, {"lora:x": 0.6}, {"cfg_scale": 5.0}]
    )

    assert 5 == len(np.unique(features.of(points), axis=0))


def test_a_term_is_turned_on_alone(features: CandidateFeatures):
    """Where no layer with the term is on, one is turned on without its other terms."""
    point = features.points([{"own": 0, "term:noisy": 1, "term:painting": 1}])[0]
    moved = features.with_term(point, features.names.index("term:painting"))

    assert [1.0] == features.term_counts(features.of(moved[None, :])).tolist()


def test_a_term_sleeps_while_no_layer_with_it_is_on(features: CandidateFeatures):
    """A term's switch does nothing until one of the layers that hold the term is on; nothing else sleeps."""
    point = features.points([{"layer:style": 1}])[0]
    asleep = {name for name, sleeps in zip(features.names, features.sleeping(point)) if sleeps}

    assert {"term:blurry", "term:text"} <= asleep
    assert "term:painting" not in asleep
    assert all(name.startswith("term:") for name in asleep)


def test_a_plain_space_needs_no_terms(term_space: SearchSpace, user_settings: GenerationRequest):
    """With whole layers only, a layer brings all its terms."""
    features = CandidateFeatures(replace(term_space, single_terms=False), user_settings)

    point = features.points([{"own": 0, "layer:style": 1}])

    assert [2.0] == features.term_counts(features.of(point)).tolist()


@pytest.mark.parametrize(
    ("params", "is_apart"),
    [
        ({"layer:style": 1, "term:painting": 1}, True),
        ({"lora:x": 0.6}, True),
        ({"cfg_scale": 5.0}, True),
        ({"layer:style": 1, "emphasis:style": 1.3}, False),
    ],
)
def test_terms_and_values_make_another_picture(features: CandidateFeatures, params: dict, is_apart: bool):
    """A term, a LoRA weight or a CFG scale sets the pictures of one seed apart; emphasis does not."""
    told = features.of(features.points([params]))[0]
    apart = np.linalg.norm(told * features.distances)

    assert bool(apart > 0.1) is is_apart
    assert told[-1] == pytest.approx(1 - np.exp(-apart))
