"""The picture on the tab: its bytes, and everything known about it before anything is generated."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from counterprompt.advice.choice import Wishes
from counterprompt.bootstrap import pictures, taggers
from counterprompt.errors import CounterpromptError, InvalidInputError, MissingModelError
from counterprompt.infotext.params import GenerationParams

if TYPE_CHECKING:
    from PIL import Image

    from counterprompt.ports import InventorySource, Tagger
    from counterprompt.settings import Settings
    from counterprompt.workflow.story import PictureStory

LARGEST_PICTURE: Final = 100_000_000
"""Bytes of a picture file that are taken from a browser."""
MOST_WORDS: Final = 200
"""Blocked words that are taken."""
_LONGEST_TEXT: Final = 100_000


@dataclass(frozen=True)
class PictureCase:
    """One picture on the tab."""

    data: bytes
    """The file, byte for byte."""
    image: Image.Image
    """Its pixels in RGB."""
    story: PictureStory
    """What is known of it."""
    goal: str = "reproduce"
    """What the user wants with it."""
    blocked: str = ""
    """Words that the user does not want, with commas."""


def open_case(
    data: object, settings: Settings, source: InventorySource | None, goal: str = "reproduce", blocked: str = ""
) -> PictureCase:
    """Read, tag and advise on a picture that a browser sent.

    Where the tagger or the inventory fails, the rest is told and a remark says why.

    Raises:
        InvalidInputError: it is no picture, too large or broken, or the goal is none.
    """
    from counterprompt.workflow.story import goal_named, tell_story  # loaded with the first picture

    checked = _checked_bytes(data)
    goal_named(goal)
    reading = pictures.read_picture(checked)
    image = pictures.open_picture(checked)
    tagger, remarks = _tagger_or_reason(settings)
    inventory, faults = None, tuple[str, ...]()
    if source is not None:
        try:
            inventory = source.take_stock(reading.params or GenerationParams(""))
        except CounterpromptError as error:
            faults = (str(error),)
    tell = partial(tell_story, reading, image, goal=goal, inventory=inventory, wishes=wishes_of(blocked))
    try:
        story = tell(tagger)
    except MissingModelError as error:  # a tagger opens its model when it is first asked
        story, tagger, remarks = tell(None), None, (str(error),)
    if tagger is not None:
        remarks = taggers.remarks_by_params(settings, None, [reading.params])
    return PictureCase(checked, image, replace(story, remarks=(*remarks, *faults)), goal, blocked)


def case_with_goal(case: PictureCase, goal: str, blocked: str) -> PictureCase:
    """Advise anew on *case* for another goal; nothing is tagged again.

    Raises:
        InvalidInputError: the goal is none, or the words are too many.
    """
    from counterprompt.advice.advise import advise
    from counterprompt.advice.resources import Resources
    from counterprompt.workflow.story import goal_named

    old = case.story
    params = old.reading.params or GenerationParams("")
    resources = old.advice.resources or Resources()
    advice = advise(params, old.diff, goal_named(goal), resources, wishes_of(blocked))
    return replace(case, story=replace(old, advice=advice), goal=goal, blocked=blocked)


def opened_case(case: PictureCase | None) -> PictureCase:
    """Return *case*.

    Raises:
        InvalidInputError: there is none yet.
    """
    if case is None:
        raise InvalidInputError("There is no picture yet; drop one in step 1.")
    return case


def wishes_of(blocked: object) -> Wishes:
    """Read the words that the user does not want, parted by commas.

    Raises:
        InvalidInputError: they are no text, or too many.
    """
    words = [word.strip() for word in str(blocked or "")[:_LONGEST_TEXT].replace("\n", ",").split(",")]
    chosen = tuple(word for word in words if word)
    if len(chosen) > MOST_WORDS:
        raise InvalidInputError(f"{len(chosen)} words to leave out are too many; give at most {MOST_WORDS}.")
    return Wishes(blocked_words=chosen)


def bytes_of_picture(image: Any, infotext: str) -> bytes:
    """Write *image* (a PIL picture from one of the host's fields) as a PNG that holds *infotext*.

    Raises:
        InvalidInputError: there is no picture, or the text is too long.
    """
    from PIL.PngImagePlugin import PngInfo

    if image is None or not hasattr(image, "save"):
        raise InvalidInputError("There is no picture to send; drop or generate one first.")
    if len(infotext) > _LONGEST_TEXT:
        raise InvalidInputError(f"The picture's text is longer than {_LONGEST_TEXT} characters; shorten it.")
    held = PngInfo()
    if infotext.strip():
        held.add_itxt("parameters", infotext)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", pnginfo=held)
    return buffer.getvalue()


def _checked_bytes(data: object) -> bytes:
    if not isinstance(data, bytes) or not data:
        raise InvalidInputError("No picture arrived; drop a PNG, JPEG, WebP, AVIF or GIF file.")
    if len(data) > LARGEST_PICTURE:
        raise InvalidInputError(
            f"The picture has {len(data) / 1e6:.0f} MB; give one of at most {LARGEST_PICTURE / 1e6:.0f} MB."
        )
    return data


def _tagger_or_reason(settings: Settings) -> tuple[Tagger | None, tuple[str, ...]]:
    try:
        return taggers.load_tagger(settings), ()
    except CounterpromptError as error:
        return None, (str(error),)
    except ImportError as error:
        missing = (
            f"The package {error.name} is missing, so nothing looks at the picture; restart the WebUI while online."
        )
        return None, (missing,)
