"""What tells the story of a picture: reads, tags, compares and advises."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.bootstrap import scorers, taggers
from counterprompt.bootstrap.pictures import open_picture, read_picture
from counterprompt.infotext.params import GenerationParams
from counterprompt.workflow.story import tell_story as tell

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.advice.choice import Wishes
    from counterprompt.ports import ImageGenerator, InventorySource
    from counterprompt.settings import Settings
    from counterprompt.workflow.story import PictureStory


def tell_story(
    picture: Path,
    settings: Settings,
    tagger_folder: Path | None = None,
    goal: str = "reproduce",
    generator: ImageGenerator | None = None,
    probe_folder: Path | None = None,
    *,
    source: InventorySource | None = None,
    wishes: Wishes | None = None,
) -> PictureStory:
    """Read, tag, compare and advise on a picture file, by the files that *source* lists where one is given.

    The scorer in *probe_folder* judges what the tagger cannot see.

    Raises:
        InvalidInputError: the picture or the goal is no good.
        MissingModelError: the tagger or the scorer is not there.
        GeneratorError: the WebUI that *source* asks does not answer.
        StoppedError: the user stopped the hashing of files.
    """
    reading = read_picture(picture)
    image = open_picture(picture)
    probes = scorers.probe_picture(image, settings, probe_folder) if probe_folder else ()
    is_fake = generator is not None and generator.name == "fake"
    is_blind = is_fake and tagger_folder is None
    tagger = None if is_blind else taggers.load_tagger(settings, tagger_folder)
    names = generator.lora_names() if generator else None
    inventory = source.take_stock(reading.params or GenerationParams("")) if source else None
    story = tell(reading, image, tagger, goal, names, probes, inventory=inventory, wishes=wishes)
    if is_blind:
        return story
    return replace(story, remarks=taggers.remarks_by_params(settings, tagger_folder, [reading.params]))
