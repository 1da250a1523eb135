"""Quoting of values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.infotext.quoting import quote, unquote
from counterprompt.infotext.scan import scan_fields


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Euler a", "Euler a"),
        ("a, b", '"a, b"'),
        ("a: b", '"a: b"'),
        ("a\nb", '"a\\nb"'),
        ('"a"', '"\\"a\\""'),
        (" a", '" a"'),
        ("é, 猫", '"é, 猫"'),
    ],
)
def test_values_are_quoted_only_where_needed(value: str, written: str) -> None:
    """A value is written bare unless it would be read back otherwise."""
    assert written == quote(value)
    assert value == unquote(written)


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_every_value_survives_the_line(first: str, second: str) -> None:
    """Any two values written into a line are read back from it."""
    spans, _ = scan_fields(f"First: {quote(first)}, Second: {quote(second)}")

    assert [first, second] == [span.value for span in spans]
