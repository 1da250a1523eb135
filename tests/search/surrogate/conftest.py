"""A space with terms, a LoRA and CFG, for whoever looks at features."""

import pytest

from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.space import LoraRange, SearchSpace
from counterprompt.search.surrogate.features import CandidateFeatures


@pytest.fixture
def user_settings() -> GenerationRequest:
    """Settings with a LoRA and two negative terms, one of which is on offer too."""
    return GenerationRequest("cat <lora:x:0.8>", "blurry, dark", 1, cfg_scale=7.0)


@pytest.fixture
def term_space() -> SearchSpace:
    """Two layers that share a term, an evident term, the LoRA and CFG; every term is on or off by itself."""
    return SearchSpace(
        layers=(NegativeLayer("base", ("blurry", "noisy")), NegativeLayer("style", ("painting", "noisy"))),
        dynamic_terms=("text",),
        loras=(LoraRange("x"),),
        cfg_range=(4.0, 10.0),
        single_terms=True,
    )


@pytest.fixture
def features(term_space: SearchSpace, user_settings: GenerationRequest) -> CandidateFeatures:
    """Features of that space."""
    return CandidateFeatures(term_space, user_settings)
