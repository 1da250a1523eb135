"""Layers joined into one negative prompt."""

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.negative.compose import compose_negative
from counterprompt.negative.layers import BUILT_IN_LAYERS, NegativeLayer
from counterprompt.negative.subject import Medium, Subject, layers_for
from counterprompt.prompts.terms import split_terms


def test_the_normal_case() -> None:
    """A photograph of a landscape gets base and style, nothing dropped."""
    composed = compose_negative(layers_for(Subject.LANDSCAPE, Medium.PHOTO))

    expected = (
        "low quality, worst quality, blurry, noisy, grainy, overexposed, underexposed, "
        "painting, illustration, cartoon, anime, 3d render, watermark, logo, text"
    )
    assert expected == composed.text
    assert () == composed.dropped
    assert ("N-CFG-NORMAL",) == composed.notes


def test_never_more_than_fifteen_terms() -> None:
    """All built-in layers together are too long, and the surplus is told."""
    composed = compose_negative(BUILT_IN_LAYERS)

    assert 15 == len(composed.terms)
    assert {"N-LIMIT"} == {term.rule_id for term in composed.dropped}
    assert ["base", "structure", "style"] == [layer.name for layer in composed.layers]


@pytest.mark.parametrize(
    ("lora_weight", "cfg_scale", "most_terms"),
    [(None, 7, 15), (0.5, 7, 8), (0.7, 7, 15), (0.7, 13, 10), (0.5, 13, 8), (1.0, 7, 15)],
)
def test_bands_lower_the_limit(lora_weight: float | None, cfg_scale: float, most_terms: int) -> None:
    """A weak LoRA keeps the negative lean, a harsh CFG scale keeps it short."""
    assert most_terms == len(compose_negative(BUILT_IN_LAYERS, lora_weight=lora_weight, cfg_scale=cfg_scale).terms)


def test_a_strong_lora_is_restrained() -> None:
    """Above 0.9 the terms against spill come first and stronger, and once."""
    composed = compose_negative(layers_for(Subject.OTHER, Medium.UNKNOWN), lora_weight=1.0)

    assert composed.text.startswith("(overexposed, garish colors:1.2), low quality")
    assert 1 == composed.terms.count("overexposed")
    assert "N-LORA-STRONG" in composed.notes


def test_not_even_spill_negates_what_is_asked() -> None:
    """The rule on what is asked for holds for added layers too."""
    composed = compose_negative(BUILT_IN_LAYERS, asked=split_terms("high key portrait"), lora_weight=1.0)

    assert "overexposed" not in composed.terms


def test_a_mute_negative_says_so() -> None:
    """At CFG scale 1 the text is composed and marked mute."""
    assert compose_negative(BUILT_IN_LAYERS, cfg_scale=1.0).is_mute


@pytest.mark.parametrize("layers", [(), (NegativeLayer("x", ()),)])
def test_nothing_gives_nothing(layers: tuple[NegativeLayer, ...]) -> None:
    """Without terms the text is empty."""
    assert "" == compose_negative(layers).text


def test_nonsense_is_refused() -> None:
    """A negative limit and two layers of one name are refused."""
    with pytest.raises(InvalidInputError, match="-1"):
        compose_negative((), limit=-1)
    with pytest.raises(InvalidInputError, match="'x'"):
        compose_negative((NegativeLayer("x", ("a",)), NegativeLayer("x", ("b",))))
