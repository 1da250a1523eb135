"""What the client relies on, asked of a real host that COUNTERPROMPT_WEBUI_URL (and ..._AUTH) names."""

import os

import numpy as np
import pytest

from counterprompt.errors import GeneratorError
from counterprompt.generation.webui_api import WebuiGenerator
from counterprompt.ports import GenerationRequest

URL = os.environ.get("COUNTERPROMPT_WEBUI_URL")
pytestmark = pytest.mark.skipif(not URL, reason="COUNTERPROMPT_WEBUI_URL names no host")


@pytest.fixture(scope="module")
def generator():
    return WebuiGenerator(URL, os.environ.get("COUNTERPROMPT_WEBUI_AUTH"))


def a_request(**changes):
    fields = {"prompt": "a red house", "negative_prompt": "blurry", "seed": 1, "steps": 4, "width": 64, "height": 64}
    return GenerationRequest(**{**fields, **changes})


def pixels(pictures):
    return np.stack([np.asarray(picture).astype(int) for picture in pictures])


def test_host_names_its_checkpoint(generator):
    """The host answers and has a checkpoint loaded."""
    assert generator.checkpoint_name()


def test_batches_give_the_pictures_of_single_calls(generator):
    """Consecutive seeds in one call give, within rounding, the pictures of one call each."""
    requests = [a_request(seed=seed) for seed in (5, 6, 7)]

    together = pixels(generator.generate(requests))
    alone = pixels([generator.generate([request])[0] for request in requests])

    assert np.abs(together - alone).mean() < 2


def test_negative_prompt_schedules_and_clip_skip_matter(generator):
    """Negative terms, schedules and CLIP skip change the picture, and the host's settings stay."""
    plain = pixels(generator.generate([a_request()]))
    for changes in ({"negative_prompt": "sky"}, {"negative_prompt": "[blurry:sky:0.5]"}, {"clip_skip": 2}):
        assert np.abs(plain - pixels(generator.generate([a_request(**changes)]))).max() > 0
    assert np.abs(plain - pixels(generator.generate([a_request()]))).mean() < 2


@pytest.mark.parametrize(
    "changes", [{"sampler_name": "Nope"}, {"scheduler": "Nope"}, {"prompt": "<lora:nope-nope:1>"}, {"steps": "many"}]
)
def test_bad_requests_are_refused(generator, changes):
    """What the host would replace silently, or cannot read, is refused."""
    with pytest.raises(GeneratorError):
        generator.generate([a_request(**changes)])


def test_wrong_login_is_refused():
    """Where the host wants a login, none and a wrong one are refused."""
    if not os.environ.get("COUNTERPROMPT_WEBUI_AUTH"):
        pytest.skip("the host wants no login")
    for auth in (None, "nobody:wrong"):
        with pytest.raises(GeneratorError, match="--api-auth"):
            WebuiGenerator(URL, auth).checkpoint_name()
