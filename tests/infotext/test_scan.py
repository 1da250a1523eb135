"""The parameter line, cut into pairs."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.infotext import scan
from counterprompt.infotext.scan import is_field_label, read_fields, scan_fields


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("Steps: 20, Seed: 1", [("Steps", "20"), ("Seed", "1")]),
        ("Steps:20,Seed:1,", [("Steps", "20"), ("Seed", "1")]),
        ("Steps: 20 , Seed:  1", [("Steps", "20 "), ("Seed", "1")]),
        ("Hires prompt: , Seed: 1", [("Hires prompt", ""), ("Seed", "1")]),
        ('X Values: "1,2: 3", Seed: 1', [("X Values", "1,2: 3"), ("Seed", "1")]),
        (r'Note: "say \"hi\", \\", Seed: 1', [("Note", 'say "hi", \\'), ("Seed", "1")]),
        ('Note: "", Seed: 1', [("Note", ""), ("Seed", "1")]),
        ('Note: "open, Seed: 1', [("Note", '"open'), ("Seed", "1")]),
        ('Note: "a" b, Seed: 1', [("Note", '"a" b'), ("Seed", "1")]),
        (r'Note: "bad \q", Seed: 1', [("Note", r'"bad \q"'), ("Seed", "1")]),
        (r'Note: "\ud800", Seed: 1', [("Note", r'"\ud800"'), ("Seed", "1")]),  # half a surrogate pair
        ("VAE: a:b, Seed: 1", [("VAE", "a:b"), ("Seed", "1")]),
        ("Odd (x): 3, Seed: 1", [("Seed", "1")]),
        ("x: 3, Seed: 1", [("Seed", "1")]),  # a key has two characters or more
        ("-/ Seed: 1", [("Seed", "1")]),
        ("CFG Rescale φ: 0.7", [("CFG Rescale φ", "0.7")]),
        ("Seed", []),
        ("", []),
    ],
)
def test_pairs_are_found_as_in_the_webui(line: str, pairs: list[tuple[str, str]]) -> None:
    """Keys, bare values and quoted values are cut where the WebUI's own parser cuts them."""
    spans, _ = scan_fields(line)

    assert pairs == [(span.label, span.value) for span in spans]


@settings(max_examples=300, deadline=None, database=None)
@given(st.text(alphabet='ab:, "\\-/_(é\t', max_size=60))
def test_no_character_is_lost(line: str) -> None:
    """The spans and the rest, joined, are the line."""
    spans, rest = scan_fields(line)

    assert line == "".join(span.before + span.raw_value for span in spans) + rest


_PIECES = st.sampled_from(
    (*'ab:," \\-/_é', ", ", ": ", "Steps: ", "Seed", ', Note: "', '",', "φ", "\r", "\u2003", ': {"', ": [{", "}]", "}")
)


@settings(max_examples=500, deadline=None, database=None)
@given(st.lists(_PIECES, max_size=20).map("".join))
def test_tidy_lines_are_read_as_any_other(line: str) -> None:
    """The short way for lines as programs write them, where it answers, answers as the long one does."""
    spans, _ = scan_fields(line)

    assert scan._read_tidy_fields(line) in (None, tuple((span.label, span.value) for span in spans))


@pytest.mark.parametrize(
    "line",
    [
        'Steps: 20, Lora hashes: "a: 12, b: 34", Version: v1.10.1',
        "Steps: 20, Schedule type: Karras, Size: 512x768",
        'Steps: 20, Note: "say \\"hi\\"", Seed: 1',
        "Steps: 20, X Values: [0.1|0.5], CFG Rescale φ: 0.7",
    ],
)
def test_lines_of_the_webui_are_tidy(line: str) -> None:
    """The short way is taken for ordinary lines, or it would be of no use."""
    assert scan._read_tidy_fields(line) == read_fields(line) != ()


@pytest.mark.parametrize(("label", "is_label"), [("CFG scale", True), ("x", False), ("", False), ("a(b)", False)])
def test_labels_are_told_from_other_text(label: str, is_label: bool) -> None:
    """Only what can be read back counts as a label."""
    assert is_label == is_field_label(label)


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ('ab: {"c": "d, e: f"}, gh: 1', ['{"c": "d, e: f"}', "1"]),
        ('ab: [{"c": 1}, {"d": 2}]', ['[{"c": 1}, {"d": 2}]']),
        ("ab: {}, gh: 1", ["{}", "1"]),
        ("ab: {cat|dog}, gh: 1", ["{cat|dog}", "1"]),  # a wildcard, no JSON
        ('ab: {"c": 1} x, gh: 1', ['{"c": 1} x', "1"]),  # something follows
        ('ab: {"c": "d, gh: 1', ['{"c": "d', "1"]),  # cut off
        ("ab: [FreeU] Version, gh: 1", ["[FreeU] Version", "1"]),
        ("ab: [1, 2], gh: 1", ["[1", "1"]),  # as the WebUI reads it
    ],
)
def test_bare_json_objects_are_one_value(line: str, values: list[str]) -> None:
    """An object or a list of objects ends where its JSON ends; everything else is cut at the comma."""
    assert values == [span.value for span in scan_fields(line)[0]]


@pytest.mark.parametrize("unit", ['ab: [{"c": [', 'ab: [{"c": "', "ab: {", 'ab: [{"c": [1, ', "ab: [" * 9])
def test_hostile_json_takes_no_time(unit: str, in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """Many values that look like JSON and never end do not read the line again and again."""
    line = (unit * 200_000)[:200_000]

    with in_time(5):
        scan_fields(line)
