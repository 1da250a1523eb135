"""The search space: its bounds, its rules, and the candidates it composes."""

import json
from dataclasses import asdict, replace

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.space import DYNAMIC, LoraRange, SearchSpace, space_for, space_from_json


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


def test_json_keeps_everything(baseline: GenerationRequest, layers):
    """A space comes back from JSON text as it was."""
    space = space_for(baseline, layers, ["noisy"])

    assert space == space_from_json(json.loads(json.dumps(asdict(space))))


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("<lora:x:0.7>", (0.5, 1.0)),
        ("<lora:x:1.2>", (0.5, 1.2)),
        ("<lora:x:1:0.5>", (0.25, 0.5)),
        ("<lora:x:0.4:0.8>", (0.5, 1.0)),
        ("<lora:x:0.8:0>", (0.5, 1.0)),
        ("<lora:x:te=0.2:unet=0.1>", (0.1, 0.5)),
        ("<lora:x:0>", (0.0, 1.0)),
        ("<lora:x:-1>", (-1.0, 1.0)),
    ],
)
def test_neither_part_of_a_lora_leaves_its_bounds(baseline: GenerationRequest, tag: str, expected: tuple[float, float]):
    """Where the text encoder has the larger weight, the range is drawn in so that this part stays within the usual."""
    (lora,) = space_for(replace(baseline, prompt=f"a house {tag}"), ()).loras

    assert expected == pytest.approx((lora.low, lora.high))


def test_the_users_range_of_a_lora_is_taken_as_it_is(baseline: GenerationRequest):
    """A range that the user gives is for the number in the tag that the diffusion model gets; a broken tag has none."""
    space = space_for(replace(baseline, prompt="<lora:x:1:0.5> <lora:y:high>"), (), lora_range=(0.3, 0.9))

    assert (LoraRange("x", 0.3, 0.9),) == space.loras
