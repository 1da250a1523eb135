"""Templates and styles."""

import pytest

from counterprompt.infotext.params import GenerationParams
from counterprompt.infotext.parse import parse_infotext
from counterprompt.infotext.templates import PromptTemplates, read_styles, read_templates

LINE = "a cat\nNegative prompt: blurry\nSteps: 20, Sampler: Euler, Seed: 1"


@pytest.mark.parametrize(
    ("tail", "templates"),
    [
        ("", (None, None)),
        ("\nTemplate: a {cat|dog}, x: 1\nNegative Template: blurry", ("a {cat|dog}, x: 1", "blurry")),
        ("\nTemplate: a {cat|\ndog}\n  x\nNegative Template: ", ("a {cat|\ndog}\n  x", "")),
        ("\nNegative Template: blurry", (None, "blurry")),
        (", Template: a __hat__", ("a __hat__", None)),
    ],
)
def test_templates_are_read(tail: str, templates: tuple[str | None, str | None]) -> None:
    """As lines behind the parameter line, over several lines, or as fields."""
    gen_params = parse_infotext(LINE + tail)

    assert PromptTemplates(*templates) == read_templates(gen_params)
    assert ("a cat", "blurry", 20) == (gen_params.prompt, gen_params.negative_prompt, gen_params.steps)


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("photo, dark", ("photo", "dark")),
        ("['Fooocus V2', \"it's\"]", ("Fooocus V2", "it's")),
        ("[]", ()),
        ("", ()),
    ],
)
def test_styles_are_read(text: str, styles: tuple[str, ...]) -> None:
    """Names with commas between them, or a Python list."""
    assert styles == read_styles(GenerationParams("", "", (("Styles", text),)))


def test_without_the_field_there_are_no_styles() -> None:
    """The WebUI itself writes none."""
    assert () == read_styles(GenerationParams(""))
