"""Stories of pictures, told without a tagger."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from PIL import Image

from counterprompt.infotext.parse import parse_infotext
from counterprompt.workflow.story import tell_story

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.infotext.params import GenerationParams
    from counterprompt.workflow.story import PictureStory


class Reading(NamedTuple):
    """What was read from a picture."""

    infotext: str | None
    params: GenerationParams | None
    program: str = "AUTOMATIC1111"
    width: int = 64
    height: int = 64


@pytest.fixture
def story_of() -> Callable[[str | None], PictureStory]:
    """Tell the story of a picture that holds an infotext."""

    def tell(infotext: str | None) -> PictureStory:
        reading = Reading(infotext, parse_infotext(infotext) if infotext else None)
        return tell_story(reading, Image.new("RGB", (64, 64)), None, "reproduce")

    return tell
