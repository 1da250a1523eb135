"""Other programs' settings in the WebUI's words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.imagefile.programs.reading import compose_reading, format_value
from counterprompt.infotext.parse import parse_infotext


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7.0, "7"),
        (7.5, "7.5"),
        (0.8700000000000001, "0.87"),
        (1084614416978598, "1084614416978598"),
        (True, "True"),
        (" Euler ", "Euler"),
        ("\ud800x", "?x"),
        (None, ""),
        (float("nan"), ""),
        (float("inf"), ""),
        ([1], ""),
    ],
)
def test_values_are_written_as_the_webui_writes_them(value: object, text: str) -> None:
    """Whole floats lose their point, rounding noise goes, impossible values are empty."""
    assert text == format_value(value)


def test_the_fields_take_the_webuis_order() -> None:
    """Known labels stand where the WebUI puts them, others behind, and the program comes last."""
    reading = compose_reading("X", "a", "b", {"Odd": 1, "Seed": 2, "Steps": 3, "Size": None})

    assert "a\nNegative prompt: b\nSteps: 3, Seed: 2, Odd: 1, App: X" == reading.infotext


def test_a_line_that_would_be_misread_is_joined() -> None:
    """A prompt with a line like the negative prompt's start keeps its words, and a note says so."""
    reading = compose_reading("X", "a\nNegative prompt: b", "c", {"Seed": 2, "Steps": 3})

    assert ("a Negative prompt: b", "c") == (reading.params.prompt, reading.params.negative_prompt)
    assert 1 == len(reading.notes)


def test_too_few_fields_are_left_out() -> None:
    """Under three fields make no parameter line, so none is written into the prompt."""
    assert "a" == compose_reading("X", "a", "", {"Seed": 2}).infotext


TEXTS = st.text(alphabet='ab,:"\\\n \u2028\x1c\ud800N', max_size=12) | st.sampled_from(
    ["Negative prompt: x", "\nSteps: 2"]
)


@settings(max_examples=200, deadline=None, database=None)
@given(TEXTS, TEXTS, TEXTS)
def test_the_values_are_those_of_the_infotext(prompt: str, negative_prompt: str, model: str) -> None:
    """Whatever the texts are, reading the infotext gives the values, and it can be written to a file."""
    reading = compose_reading("X", prompt, negative_prompt, {"Steps": 2, "Seed": 1, "Model": model})

    reading.infotext.encode("utf-8")
    assert reading.params == parse_infotext(reading.infotext)
    assert (2, 1, "X") == (reading.params.steps, reading.params.seed, reading.params.text("App"))
