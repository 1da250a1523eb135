"""Infotexts and who wrote them."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.imagefile.programs.webui_family import find_infotext, read_plain_text, read_webui
from counterprompt.imagefile.texts import EmbeddedTexts

LINE = "a cat\nSteps: 20, Sampler: Euler, Seed: 1"


def _embedded(**texts: str) -> EmbeddedTexts:
    return EmbeddedTexts(texts, 512, 512)


@pytest.mark.parametrize(
    ("fields", "program"),
    [
        ("", "AUTOMATIC1111"),
        (", Version: v1.10.1", "AUTOMATIC1111"),
        (", Version: v1.6.0-2-g4afaaf8a", "AUTOMATIC1111"),
        (", Version: f0.0.17v1.8.0rc-latest-276-g29be1da7", "Forge"),
        (", Version: f2.0.1v1.10.1-previous-659-gc055f2d4", "Forge"),
        (", Version: f1.0.0v2-v1.10.1RC-latest-2502-g630cf49b", "reForge"),
        (", Version: neo", "Forge Neo"),
        (", Version: classic", "Forge Classic"),
        (", Version: ComfyUI", "ComfyUI"),
        (", Version: Fooocus v2.5.5", "Fooocus"),
        (", App: SD.Next, Version: 6d5ee3c", "SD.Next"),
        (", Version: 93f8ef6, Pipeline: StableDiffusionPipeline", "SD.Next"),
        (", Civitai resources: []", "Civitai"),
    ],
)
def test_app_and_version_tell_the_programs_apart(fields: str, program: str) -> None:
    """One format, many writers."""
    reading = read_webui(_embedded(parameters=LINE + fields))

    assert reading is not None
    assert (program, LINE + fields, 20) == (reading.program, reading.infotext, reading.params.steps)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({}, None),
        ({"parameters": " \n"}, None),
        ({"parameters": "a", "UserComment": "b", "txt": "c"}, "a"),
        ({"UserComment": "b", "comment": "c"}, "b"),
        ({"UserComment": "", "comment": "made with love"}, None),
        ({"comment": "c", "txt": "d"}, "c"),
        ({"txt": "d"}, "d"),
        ({"Software": "GIMP"}, None),
        ({"comment": "Created with GIMP"}, None),
        ({"UserComment": "Screenshot", "txt": "d"}, "d"),
        ({"parameters": "Screenshot"}, "Screenshot"),
    ],
)
def test_the_places_are_searched_in_the_webuis_order(texts: dict[str, str], found: str | None) -> None:
    """EXIF hides a comment, a picture hides the text file beside it."""
    assert found == find_infotext(texts)


@pytest.mark.parametrize(
    ("text", "program"),
    [("a cat\nNegative prompt: blurry", "AUTOMATIC1111"), ("just words", "unknown"), ("{}", "unknown")],
)
def test_texts_without_fields_are_read_last(text: str, program: str) -> None:
    """Without a parameter line only the negative prompt speaks for a WebUI."""
    reading = read_plain_text(_embedded(UserComment=text))

    assert read_webui(_embedded(UserComment=text)) is None
    assert reading is not None
    assert (program, text) == (reading.program, reading.infotext)


def test_ten_megabytes_are_refused_at_once(in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """An infotext of ten megabytes is refused before it is parsed."""
    embedded = _embedded(parameters="a, " * 3_500_000)

    with in_time(0.05), pytest.raises(InvalidInputError, match="characters"):
        read_webui(embedded)
