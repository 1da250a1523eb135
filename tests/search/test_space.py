"""The search space: its bounds, its rules, and the candidates it composes."""

from dataclasses import replace

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.space import DYNAMIC, LoraRange, SearchSpace, space_for


@pytest.mark.parametrize(
    ("cfg_scale", "expected"), [(7.0, (4.0, 10.0)), (4.0, (3.0, 8.0)), (14.0, (5.0, 14.0)), (2.0, (2.0, 8.0))]
)
def test_the_users_cfg_lies_within_the_range(baseline: GenerationRequest, layers, cfg_scale: float, expected: tuple):
    """The range reaches three around the user's CFG scale, stays within 3 to 12, and holds the user's own value."""
    assert expected == space_for(replace(baseline, cfg_scale=cfg_scale), layers).cfg_range


def test_a_mute_negative_is_not_searched(baseline: GenerationRequest, layers):
    """At CFG 1 only LoRA weights are left."""
    space = space_for(replace(baseline, cfg_scale=1.0), layers, ["blurry"])

    assert SearchSpace(loras=(LoraRange("style"),)) == space
    assert space_for(replace(baseline, cfg_scale=1.0, prompt="a house"), layers).is_empty


def test_nothing_asked_for_is_negated(baseline: GenerationRequest, layers):
    """Terms that the prompt asks for are not on offer, in layers or alone."""
    space = space_for(replace(baseline, prompt="a painting, blurry"), layers, ["Painting", "noisy"])

    assert ("low quality", "grainy", "watermark") == tuple(term for each in space.layers[:2] for term in each.terms)
    assert ("noisy",) == space.dynamic_terms


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"own": 1}, "painting,"),
        ({"own": 0}, ""),
        ({"own": 1, "layer:style": 1}, "painting, watermark"),
        ({"own": 0, "layer:base": 1, "emphasis:base": 1.24}, "(low quality, blurry, grainy:1.2)"),
        (
            {"own": 0, "layer:dynamic": 1, "term:blurry": 1, "term:noisy": 0, "layer:base": 1},
            "blurry, low quality, grainy",
        ),
    ],
)
def test_params_become_candidates(baseline: GenerationRequest, layers, params: dict, expected: str):
    """What a trial suggests is composed without repeats, evidence first."""
    space = space_for(baseline, layers, ["blurry", "noisy"])

    assert expected == space.compose(params, baseline).negative_text(baseline)


def test_a_composed_negative_never_exceeds_the_limit(baseline: GenerationRequest):
    """With everything on at most fifteen terms are left, the user's own ones counted."""
    layers = tuple(NegativeLayer(name, tuple(f"{name} {n}" for n in range(9))) for name in ("one", "two"))
    space = space_for(baseline, layers, [f"seen {n}" for n in range(9)])
    on = {f"layer:{name}": 1 for name in ("one", "two", DYNAMIC)} | {f"term:seen {n}": 1 for n in range(9)}

    candidate = space.compose(on, baseline)

    assert 14 == sum(len(layer.terms) for layer in candidate.layers)
    assert 15 == sum(len(layer.terms) for layer in space.compose({"own": 0, **on}, baseline).layers)


def test_the_users_own_values_change_nothing(baseline: GenerationRequest, layers):
    """Suggesting the user's CFG scale and LoRA weight is the same as leaving them alone."""
    candidate = space_for(baseline, layers).compose({"cfg_scale": 6.0, "lora:style": 1.0}, baseline)

    assert (None, ()) == (candidate.cfg_scale, candidate.lora_weights)


def test_only_what_matters_is_asked(baseline: GenerationRequest, layers):
    """Emphasis and terms are suggested only while their layer is on."""
    from optuna.trial import FixedTrial

    space = space_for(baseline, layers[:1], ["noisy"])
    trial = FixedTrial({"own": 0, "layer:base": 0, "layer:dynamic": 0, "lora:style": 0.7, "cfg_scale": 8.0})

    candidate = space.suggest_candidate(trial, baseline)

    assert (False, (), (("style", 0.7),), 8.0) == (
        candidate.keeps_own,
        candidate.layers,
        candidate.lora_weights,
        candidate.cfg_scale,
    )


def test_a_reversed_range_is_refused():
    """A range that runs backwards is named with both of its ends."""
    with pytest.raises(InvalidInputError, match=r"style.*0\.9 to 0\.2"):
        SearchSpace(loras=(LoraRange("style", 0.9, 0.2),))


def test_the_users_range_of_a_lora_is_taken_as_it_is(baseline: GenerationRequest):
    """A range that the user gives is for the number in the tag that the diffusion model gets; a broken tag has none."""
    space = space_for(replace(baseline, prompt="<lora:x:1:0.5> <lora:y:high>"), (), lora_range=(0.3, 0.9))

    assert (LoraRange("x", 0.3, 0.9),) == space.loras
