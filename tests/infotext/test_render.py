"""Values to infotext."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.infotext.params import GenerationParams
from counterprompt.infotext.parse import parse_infotext
from counterprompt.infotext.render import render_infotext

PIECES = st.sampled_from(
    [
        "a cat",
        "Negative prompt:",
        "Steps: 20, Sampler: Euler, Seed: 1",
        "\n",
        "\r\n",
        ", ",
        '"a, b: c"',
        '\\"',
        " ",
        "\x1c",
        "Template: x",
        "Size: 1x2",
        "Foo (x): 3",
        ":",
        '"',
        "é",
    ]
)
MESSY = ' a  cat \n\nNegative prompt:  blurry\n Steps:20 ,Odd (x): 3, Seed: 1,Note: "x\\u002c y",\n'


@settings(max_examples=500, deadline=None, database=None)
@given(st.text() | st.lists(PIECES, max_size=20).map("".join))
def test_every_text_comes_back_byte_for_byte(text: str) -> None:
    """Parsing any text and rendering it gives the same text."""
    assert text == render_infotext(parse_infotext(text))


WORDS = st.text(alphabet="abc (:1.2)<lora>[]|\\", max_size=20).map(str.strip)
LABELS = st.sampled_from(["Steps", "CFG scale", "Lora hashes", "X Values", "Hires prompt"])
TEXTS = st.text(alphabet='abc ,:"\\\n', max_size=12)


@settings(max_examples=300, deadline=None, database=None)
@given(WORDS, WORDS, st.lists(st.tuples(LABELS, TEXTS), min_size=3, max_size=6))
def test_made_values_survive_the_round_trip(prompt: str, negative: str, fields: list[tuple[str, str]]) -> None:
    """Values made here are read back from the infotext written for them."""
    gen_params = GenerationParams(prompt, negative, tuple(fields))

    assert gen_params == parse_infotext(render_infotext(gen_params))


@pytest.mark.parametrize(
    ("gen_params", "text"),
    [
        (
            GenerationParams("a", "b", (("Steps", "2"), ("Note", "x, y"))),
            'a\nNegative prompt: b\nSteps: 2, Note: "x, y"',
        ),
        (GenerationParams("a", "", (("Steps", "2"),)), "a\nSteps: 2"),
        (GenerationParams("", "b"), "Negative prompt: b"),
        (GenerationParams(""), ""),
    ],
)
def test_made_values_are_written_as_the_webui_writes(gen_params: GenerationParams, text: str) -> None:
    """Empty parts leave no line behind."""
    assert text == render_infotext(gen_params)


def test_only_what_changed_is_rewritten() -> None:
    """A changed prompt, negative prompt or field leaves every other character as it was."""
    gen_params = parse_infotext(MESSY)

    assert MESSY.replace(" a  cat \n\n", "a dog\n") == render_infotext(gen_params.with_prompts(prompt="a dog"))
    assert MESSY.replace(":  blurry", ": ugly") == render_infotext(gen_params.with_prompts(negative_prompt="ugly"))
    assert MESSY.replace("Seed: 1", "Seed: 2") == render_infotext(gen_params.with_field("Seed", "2"))
    assert MESSY.replace('y"', 'y", ENSD: 3') == render_infotext(gen_params.with_field("ENSD", "3"))


def test_a_negative_prompt_can_come_and_go() -> None:
    """Setting the negative prompt of a text without one adds its line, emptying it removes the line."""
    text = "a cat\nSteps: 20, Sampler: Euler, Seed: 1"
    with_negative = parse_infotext(text).with_prompts(negative_prompt="blurry")

    assert text.replace("\nS", "\nNegative prompt: blurry\nS", 1) == render_infotext(with_negative)
    assert text == render_infotext(parse_infotext(render_infotext(with_negative)).with_prompts(negative_prompt=""))
    assert "a cat\nNegative prompt: blurry" == render_infotext(
        parse_infotext("a cat").with_prompts(negative_prompt="blurry")
    )


def test_a_field_can_be_removed() -> None:
    """The line is written anew without the field."""
    gen_params = parse_infotext("a cat\nSteps: 20, Sampler: Euler, Seed: 1").without_field("Sampler")

    assert "a cat\nSteps: 20, Seed: 1" == render_infotext(gen_params)
