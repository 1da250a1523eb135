"""Marks without settings."""

import pytest

from counterprompt.imagefile.programs.marks import read_marks
from counterprompt.imagefile.texts import EmbeddedTexts


@pytest.mark.parametrize(
    ("texts", "program"),
    [
        ({"Software": "NovelAI"}, "NovelAI"),
        ({"prompt": "{"}, "ComfyUI"),
        ({"workflow": "{"}, "ComfyUI"),
        ({"invokeai_metadata": "{}"}, "InvokeAI"),
        ({"fooocus_scheme": "fooocus"}, "Fooocus"),
    ],
)
def test_the_keys_name_the_program(texts: dict[str, str], program: str) -> None:
    """A broken text still tells who wrote it, and a note says that it is broken."""
    reading = read_marks(EmbeddedTexts(texts, 4, 4))

    assert reading is not None
    assert (program, "", 1) == (reading.program, reading.infotext, len(reading.notes))


@pytest.mark.parametrize("texts", [{}, {"Software": "GIMP"}, {"Comment": "Created with GIMP"}])
def test_pictures_without_marks_are_none(texts: dict[str, str]) -> None:
    """An editor's name is no mark."""
    assert read_marks(EmbeddedTexts(texts, 4, 4)) is None
