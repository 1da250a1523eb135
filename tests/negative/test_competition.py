"""Terms that lose their place."""

import pytest

from counterprompt.negative.competition import DroppedTerm, drop_asked, drop_repeats, drop_surplus
from counterprompt.negative.layers import NegativeLayer
from counterprompt.prompts.terms import split_terms


@pytest.mark.parametrize(
    ("prompt", "term", "is_kept"),
    [
        ("oil painting of a cat", "painting", False),
        ("a cat, out of focus", "blurry", False),
        ("blurry_background", "blurry", False),
        ("1girl, manga", "anime", False),
        ("portrait, bokeh", "blurry", False),
        ('a sign with the text "OPEN"', "text", False),
        ("Cartoon house", "cartoon", False),
        ("hands of a pianist", "malformed hands", True),
        ("high quality photo", "low quality", True),
        ("a cat, no text", "text", True),
        ("a cat without watermark", "watermark", True),
        ("(blurry:0), a cat", "blurry", True),
        ("company logo", "watermark", True),
    ],
)
def test_what_is_asked_is_not_negated(prompt: str, term: str, is_kept: bool) -> None:
    """A term goes when the prompt asks for it, in whatever words."""
    (layer,), dropped = drop_asked([NegativeLayer("x", (term,))], split_terms(prompt))

    assert ((term,) if is_kept else ()) == layer.terms
    assert ([] if is_kept else [DroppedTerm(term, "x", "N-ASKED")]) == dropped


def test_repeats_go_from_the_later_layer() -> None:
    """Spelling does not hide a repeat."""
    layers, dropped = drop_repeats([NegativeLayer("x", ("extra limbs",)), NegativeLayer("y", ("Extra_Limb", "z"))])

    assert [("extra limbs",), ("z",)] == [layer.terms for layer in layers]
    assert [DroppedTerm("Extra_Limb", "y", "N-REPEAT")] == dropped


def test_layers_take_turns_and_evidence_is_first() -> None:
    """With few places each layer keeps its most important terms, the dynamic layer before the others."""
    layers, dropped = drop_surplus(
        [NegativeLayer("base", ("a", "b", "c")), NegativeLayer("style", ("d", "e")), NegativeLayer("dynamic", ("f",))],
        4,
    )

    assert [("a", "b"), ("d",), ("f",)] == [layer.terms for layer in layers]
    assert ["c", "e"] == [term.term for term in dropped]


@pytest.mark.parametrize("limit", [0, 1, 15])
def test_the_limit_is_kept(limit: int) -> None:
    """Never more terms than allowed, never fewer than there are places for."""
    layers, _ = drop_surplus([NegativeLayer("x", tuple("abcdefghijkl")), NegativeLayer("y", tuple("mnopqrst"))], limit)

    assert limit == sum(len(layer.terms) for layer in layers)
