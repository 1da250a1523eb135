"""Infotext to values."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.infotext.parse import MAX_INFOTEXT_CHARACTERS, parse_infotext

FIELDS = "Steps: 20, Sampler: Euler a, CFG scale: 7.5, Seed: 1, Size: 512x768"


@pytest.mark.parametrize(
    ("text", "prompt", "negative_prompt"),
    [
        (f"a cat\nNegative prompt: blurry\n{FIELDS}", "a cat", "blurry"),
        (f"a cat\n{FIELDS}", "a cat", ""),
        (f"Negative prompt: blurry\n{FIELDS}", "", "blurry"),  # sd-prompt-reader takes it all for the prompt
        (FIELDS, "", ""),
        ("", "", ""),
        (" \n ", "", ""),
        ("only a prompt", "only a prompt", ""),
        ("a cat\nNegative prompt: blurry", "a cat", "blurry"),
        (f"one\n\ntwo\nNegative prompt: three\nfour\n{FIELDS}", "one\n\ntwo", "three\nfour"),
        (f"one\n\nNegative prompt:\nthree\n{FIELDS}", "one\n", "three"),
        (f"a\nNegative prompt: b\nNegative prompt: c\n{FIELDS}", "a", "b\nc"),  # sd-parsers raises
        (f"no Negative prompt: here\n{FIELDS}", "no Negative prompt: here", ""),
        (f"a cat\r\nNegative prompt: blurry\r\n{FIELDS}\r\n", "a cat", "blurry"),
        ("a cat\nratio: 3, mood: calm", "a cat\nratio: 3, mood: calm", ""),  # two pairs are not enough
    ],
)
def test_prompts_are_told_apart(text: str, prompt: str, negative_prompt: str) -> None:
    """The lines before the parameter line split into prompt and negative prompt as in the WebUI."""
    gen_params = parse_infotext(text)

    assert (prompt, negative_prompt) == (gen_params.prompt, gen_params.negative_prompt)


def test_fields_come_in_order() -> None:
    """The parameter line gives label and text of every field, in order."""
    gen_params = parse_infotext(f"a cat\n{FIELDS}")

    assert (
        ("Steps", "20"),
        ("Sampler", "Euler a"),
        ("CFG scale", "7.5"),
        ("Seed", "1"),
        ("Size", "512x768"),
    ) == gen_params.fields


def test_quoted_fields_stay_whole() -> None:
    """A quoted value keeps its commas and colons, so that no LoRA hash is lost."""
    gen_params = parse_infotext(f'a cat\n{FIELDS}, Lora hashes: "detail: 7c6b, style: 0a1b", Version: v1.10.1')

    assert {"detail": "7c6b", "style": "0a1b"} == gen_params.lora_hashes
    assert gen_params.version == "v1.10.1"


def test_template_lines_do_not_hide_the_fields() -> None:
    """The parameter line is found above the lines that Dynamic Prompts appends (sd-dynamic-prompts #177)."""
    gen_params = parse_infotext(
        f"a cat\nNegative prompt: blurry\n{FIELDS}\nTemplate: a {{cat|dog}}, x: 1, y z: 2, w: 3, vv: 4\n"
        "Negative Template: blurry"
    )

    assert ("a cat", "blurry", 20) == (gen_params.prompt, gen_params.negative_prompt, gen_params.steps)


def test_a_long_infotext_is_refused() -> None:
    """One character over the limit is refused, and the message names the limit."""
    with pytest.raises(InvalidInputError, match=str(MAX_INFOTEXT_CHARACTERS)):
        parse_infotext("a" * (MAX_INFOTEXT_CHARACTERS + 1))


@pytest.mark.parametrize("unit", ["a", '"', 'a b: "', "ab:,", "\\", " ", "-", "Negative prompt:", "\n", 'a: "\\'])
def test_hostile_infotexts_take_no_time(unit: str, in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """The largest text of any repeated unit parses in seconds: nothing in the parser is quadratic."""
    text = (unit * MAX_INFOTEXT_CHARACTERS)[:200_000]

    with in_time(5):
        parse_infotext(text)


def test_ten_megabytes_are_refused_at_once(in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """A text far over the limit is refused before it is read."""
    text = "a cat, " * 1_500_000

    with in_time(0.05), pytest.raises(InvalidInputError):
        parse_infotext(text)


def test_unknown_fields_are_kept_in_order() -> None:
    """Fields that no table knows stand where they stood, the same label twice included."""
    gen_params = parse_infotext(f'a cat\n{FIELDS}, Odd one: 1, X/Y-Z: "a, b", Odd one: 2')

    assert (("Odd one", "1"), ("X/Y-Z", "a, b"), ("Odd one", "2")) == gen_params.fields[-3:]
