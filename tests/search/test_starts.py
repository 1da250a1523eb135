"""What every study looks at first."""

from dataclasses import replace

from counterprompt.ports import GenerationRequest
from counterprompt.search.candidate import BASELINE
from counterprompt.search.space import space_for
from counterprompt.search.starts import starting_params


def test_the_first_set_is_the_baseline(baseline: GenerationRequest, layers):
    """Parameters of trial 0 compose to the user's own settings."""
    space = space_for(baseline, layers, ["noisy"])

    assert BASELINE == space.compose(starting_params(space, baseline)[0], baseline)


def test_controls_and_priors_follow(baseline: GenerationRequest, layers):
    """No negative, all layers, the own text with all, the shortlist and each layer alone are tried."""
    space = space_for(baseline, layers[:2], ["noisy"])

    texts = [
        space.compose(params, baseline).negative_text(baseline) for params in starting_params(space, baseline, 240)
    ]

    assert [
        "painting,",
        "",
        "low quality, blurry, grainy, painting, watermark",
        "low quality, blurry, grainy, painting, watermark",
        "painting,",
        "painting, noisy, low quality, blurry, grainy, watermark",
        "noisy",
        "noisy, low quality, blurry, grainy, painting, watermark",
        "low quality, blurry, grainy",
        "painting, watermark",
    ] == texts


def test_the_rule_of_thumb_is_tried(baseline: GenerationRequest, layers):
    """All layers and the user's own text are tried at LoRA weight 0.7 and CFG scale 8 too."""
    space = space_for(baseline, layers)

    assert [(0.7, 8.0), (0.7, 8.0)] == [
        (params["lora:style"], params["cfg_scale"])
        for params in starting_params(space, baseline, 240)
        if params["cfg_scale"] != baseline.cfg_scale
    ]


def test_an_empty_negative_is_tried_once(baseline: GenerationRequest, layers):
    """Where the user has no negative prompt, the baseline is the empty one and not tried again."""
    own = replace(baseline, negative_prompt="")
    space = space_for(own, layers[:1])

    assert 4 == len(starting_params(space, own))


def test_a_small_budget_starts_with_little(baseline: GenerationRequest, layers):
    """Below 120 pictures only the baseline and all layers at the usual values come first."""
    space = space_for(baseline, layers, ["noisy"])

    assert [baseline.cfg_scale, 8.0] == [params["cfg_scale"] for params in starting_params(space, baseline, 80)]
