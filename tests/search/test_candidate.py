"""Candidates as values, and the requests they render to."""

import json
from dataclasses import replace

import pytest

from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.candidate import BASELINE, OWN, Candidate, candidate_from_json, candidate_to_json

BASE = NegativeLayer("base", ("blurry", "noisy"))
STRONG = NegativeLayer("style", ("painting",), 1.2)


@pytest.mark.parametrize("negative", ["painting,", "", "  ", "(bad:1.3),\n [a|b] , \\(x\\)"])
def test_the_baseline_is_the_users_text_byte_for_byte(baseline: GenerationRequest, negative: str):
    """The candidate that changes nothing renders the user's own request, but for the seed."""
    own = replace(baseline, negative_prompt=negative)

    assert replace(own, seed=99) == BASELINE.render(own, 99)


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        (Candidate(layers=(BASE,)), "painting, blurry, noisy"),
        (Candidate(keeps_own=False, layers=(BASE, STRONG)), "blurry, noisy, (painting:1.2)"),
        (Candidate(keeps_own=False), ""),
    ],
)
def test_layers_follow_the_users_text(baseline: GenerationRequest, candidate: Candidate, expected: str):
    """The negative prompt is the user's own text where kept, then each layer with its emphasis."""
    assert expected == candidate.render(baseline, 1).negative_prompt


def test_a_comment_of_the_users_hides_no_layer(baseline: GenerationRequest):
    """What stands behind a "#" is nothing to the WebUI, up to the end of the line."""
    commented = replace(baseline, negative_prompt="painting # mine")

    assert "painting # mine\n, blurry, noisy" == Candidate(layers=(BASE,)).render(commented, 1).negative_prompt


def test_lora_and_cfg_are_set(baseline: GenerationRequest):
    """LoRA weight and CFG scale go where the host reads them."""
    request = Candidate(lora_weights=(("style", 0.7),), cfg_scale=8.5).render(baseline, 1)

    assert ("a red house <lora:style:0.7>", 8.5) == (request.prompt, request.cfg_scale)


@pytest.mark.parametrize(
    ("layer", "term", "expected"),
    [
        ("base", "noisy", "painting, blurry, (painting:1.2)"),
        ("base", None, "painting, (painting:1.2)"),
        ("style", "painting", "painting, blurry, noisy"),
        (OWN, None, "blurry, noisy, (painting:1.2)"),
    ],
)
def test_pieces_can_be_left_out(baseline: GenerationRequest, layer: str, term: str, expected: str):
    """A copy without a term, a layer or the user's text lacks just that; a layer without terms is gone."""
    assert expected == Candidate(layers=(BASE, STRONG)).without(layer, term).negative_text(baseline)


def test_json_keeps_everything():
    """A candidate comes back from JSON text as it was."""
    candidate = Candidate(False, (BASE, replace(STRONG, start=0.2)), (("style", 0.7),), 7.5)

    assert candidate == candidate_from_json(json.loads(json.dumps(candidate_to_json(candidate))))


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a <lora:x:0.5:1>, b <lora:y:1>", "a <lora:x:0.3:0.6>, b <lora:y:0.75>"),
        (
            "(<lora:x:te=0.4:unet=0.8:dyn=4>:1.1)<lora:y:unet=0.5>",
            "(<lora:x:te=0.3:unet=0.6:dyn=4>:1.1)<lora:y:1.5:unet=0.75>",
        ),
        ("<lyco:x:1:0> \n<lora:z:0.333:0.6>,<lora:y>", "<lyco:x:0.6:0> \n<lora:z:0.333:0.6>,<lora:y:0.75>"),
        ("<lora:x:0.75:0.25:8> <lora:y:2>", "<lora:x:1.8:0.6:8> <lora:y:0.75>"),
    ],
)
def test_several_loras_keep_their_own_ratio(baseline: GenerationRequest, prompt: str, expected: str):
    """Each LoRA that is varied keeps the ratio of its two parts; every other byte of the prompt stays."""
    candidate = Candidate(lora_weights=(("x", 0.6), ("y", 0.75)))

    assert expected == candidate.render(replace(baseline, prompt=prompt), 1).prompt
    assert prompt == Candidate().render(replace(baseline, prompt=prompt), 1).prompt
