"""The field table and its readers."""

import pytest

from counterprompt.infotext.fields import FIELDS, FieldKind, read_hashes, read_integer, read_number, read_size
from counterprompt.infotext.params import GenerationParams

SAMPLES = {
    FieldKind.TEXT: ("abc", "abc"),
    FieldKind.INTEGER: ("12", 12),
    FieldKind.NUMBER: ("0.5", 0.5),
    FieldKind.SIZE: ("64x32", (64, 32)),
    FieldKind.HASHES: ("a: 12", {"a": "12"}),
}


@pytest.mark.parametrize("spec", FIELDS, ids=lambda spec: spec.attribute)
def test_table_and_properties_agree(spec):
    """Every row of the table has a property that reads this label as this kind."""
    text, value = SAMPLES[spec.kind]

    assert value == getattr(GenerationParams("", "", ((spec.label, text),)), spec.attribute)


@pytest.mark.parametrize(
    ("text", "value"), [("20", 20), (" -1 ", -1), (None, None), ("", None), ("2.0", None), ("٣", None)]
)
def test_integers(text, value):
    """Whole numbers in ASCII digits are read, all else is None."""
    assert value == read_integer(text)


@pytest.mark.parametrize(("text", "value"), [("7", 7.0), ("7.5", 7.5), ("inf", None), ("1e999", None), ("x", None)])
def test_numbers(text, value):
    """Finite numbers are read, all else is None."""
    assert value == read_number(text)


@pytest.mark.parametrize(
    ("text", "value"), [("512x768", (512, 768)), ("512", None), ("x", None), ("-1x2", None), ("²x²", None)]
)
def test_sizes(text, value):
    """Two whole numbers with an x between them are a size."""
    assert value == read_size(text)


@pytest.mark.parametrize(
    ("text", "value"), [("a: 1, b:c: 2", {"a": "1", "b:c": "2"}), ("a", {}), ("", {}), (None, {}), ("a: ,", {"a": ""})]
)
def test_hashes(text, value):
    """The last colon parts name and hash."""
    assert value == read_hashes(text)
