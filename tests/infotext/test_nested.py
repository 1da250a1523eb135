"""Settings inside a value."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.errors import InvalidInputError
from counterprompt.infotext.nested import parse_nested

OLD = "preprocessor: canny, model: a [b1], weight: 1, starting/ending: (0, 1), preprocessor params: (512, 100, 200)"


def test_brackets_keep_their_commas() -> None:
    """A pair in brackets is one value, and names are found whatever their case."""
    nested = parse_nested(OLD)

    assert 5 == len(nested.settings)
    assert ("(0, 1)", "canny", None) == (
        nested.find("Starting/Ending"),
        nested.find("Module", "Preprocessor"),
        nested.find("x"),
    )


@settings(max_examples=300, deadline=None, database=None)
@given(st.text() | st.text(alphabet="ab:,()[]{} ", max_size=30))
def test_every_text_comes_back_byte_for_byte(text: str) -> None:
    """The pieces joined are the text."""
    assert text == parse_nested(text).text


VALUES = st.text(alphabet="ab ([1.5", max_size=8).map(str.strip)


@settings(max_examples=150, deadline=None, database=None)
@given(st.text(alphabet="ab:,() ", max_size=30), VALUES)
def test_a_setting_that_is_set_is_found(text: str, value: str) -> None:
    """Whatever stood there before, the new value is read back, and unchanged settings stay."""
    changed = parse_nested(text).with_setting("Weight", value)

    assert value == changed.find("weight")
    assert parse_nested(text).settings == tuple(pair for pair in changed.settings if pair[0] != "Weight")


def test_only_the_value_changes() -> None:
    """White space and order of all else stay; a new setting comes last."""
    assert "a: 1,  B: 3 , c".replace(" , ", ", ") == parse_nested("a: 1,  B: 2, c").with_setting("b", "3").text
    assert "a: 1, b: 2" == parse_nested("a: 1").with_setting("b", "2").text
    assert "b: 2" == parse_nested("").with_setting("b", "2").text


@pytest.mark.parametrize(("name", "value"), [("a", "1, 2"), ("a,b", "1"), ("a:b", "1")])
def test_what_would_be_cut_is_refused(name: str, value: str) -> None:
    """A value that could not be read back is refused with its name."""
    with pytest.raises(InvalidInputError, match="comma"):
        parse_nested("").with_setting(name, value)
