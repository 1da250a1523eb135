"""What the tests of several programs need."""

from collections.abc import Callable

import pytest

from counterprompt.imagefile.programs.reading import ProgramReading
from counterprompt.imagefile.programs.registry import read_program
from counterprompt.imagefile.texts import EmbeddedTexts
from counterprompt.infotext.parse import parse_infotext


@pytest.fixture
def read() -> Callable[..., ProgramReading]:
    """Read a picture's texts through the registry, and check that the infotext says what the values say."""

    def read_texts(texts: dict[str, str], width: int = 512, height: int = 768) -> ProgramReading:
        reading = read_program(EmbeddedTexts(texts, width, height))
        assert reading is not None
        is_rendered = reading.params.layout is not None and not texts.get("Software")
        assert not is_rendered or reading.params == parse_infotext(reading.infotext)
        return reading

    return read_texts
