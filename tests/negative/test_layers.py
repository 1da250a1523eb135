"""Negative layers as values and as text."""

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.negative.layers import BUILT_IN_LAYERS, NegativeLayer, extend_layers
from counterprompt.prompts.schedules import resolve_schedules
from counterprompt.prompts.terms import split_terms


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (NegativeLayer("x", ()), ""),
        (NegativeLayer("x", (), 1.2, 0.2, 0.6), ""),
        (NegativeLayer("x", ("a", "b")), "a, b"),
        (NegativeLayer("x", ("a", "b"), 1.2), "(a, b:1.2)"),
        (NegativeLayer("x", ("a",), start=0.2), "[a:0.2]"),
        (NegativeLayer("x", ("a",), stop=0.6), "[a::0.6]"),
        (NegativeLayer("x", ("a",), 1.2, 0.2, 0.6), "[[(a:1.2)::0.6]:0.2]"),
        (NegativeLayer("x", ("a",), stop=1.0), "[a::1.0]"),  # without a dot it would be a step
        (NegativeLayer("x", ("ring (medium)",)), r"ring \(medium\)"),
        (NegativeLayer("x", (":d", "a|b"), 1.2), r"(\:d, a\|b:1.2)"),
    ],
)
def test_rendering(layer: NegativeLayer, text: str) -> None:
    """A layer is written with emphasis inside and schedule outside."""
    assert text == layer.render()


def test_a_rendered_window_acts_in_its_window() -> None:
    """Start and stop hold when the text is read back."""
    text = NegativeLayer("x", ("a",), 1.2, 0.2, 0.6).render()

    assert ((2, ""), (6, "(a:1.2)"), (10, "")) == resolve_schedules(text, 10)


def test_a_bar_in_a_term_spoils_no_schedule() -> None:
    """A layer with a booru face in it leaves the window of the layer before it alone."""
    layers = (NegativeLayer("x", ("a",), stop=0.6), NegativeLayer("y", ("|_|",)))

    assert ((6, r"a, \|_\|"), (10, r", \|_\|")) == resolve_schedules(", ".join(each.render() for each in layers), 10)
    assert ["|_|"] == [found.text for found in split_terms(layers[1].render())]


@pytest.mark.parametrize("term", ["ring (medium)", ":d", "a|b", "x [y]", "a:b", "\\o/"])
def test_terms_come_back_from_brackets(term: str) -> None:
    """No term can break out of its layer."""
    text = NegativeLayer("x", (term, "b"), 1.2, start=0.1).render()

    assert [term, "b"] == [found.text for found in split_terms(text)]


@pytest.mark.parametrize(("start", "stop"), [(-0.1, None), (None, 1.1), (0.6, 0.2), (0.5, 0.5)])
def test_impossible_windows_are_refused(start: float | None, stop: float | None) -> None:
    """A window outside the run, or one that ends before it begins, is refused by the layer's name."""
    with pytest.raises(InvalidInputError, match="'x'"):
        NegativeLayer("x", ("a",), start=start, stop=stop)


def test_built_in_layers_are_the_four_of_the_design() -> None:
    """Base, structure, style, and a dynamic layer that evidence fills."""
    assert ["base", "structure", "style", "dynamic"] == [layer.name for layer in BUILT_IN_LAYERS]


def test_a_model_may_extend_and_narrow_the_layers() -> None:
    """Extra terms come last and once; terms the model does not know go."""
    layers = extend_layers(
        (NegativeLayer("base", ("blurry", "lowres")),), {"base": ("grainy", "blurry")}, frozenset({"blurry", "grainy"})
    )

    assert (NegativeLayer("base", ("blurry", "grainy")),) == layers
