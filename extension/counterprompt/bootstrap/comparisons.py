"""Everything that a comparison of prompts needs, each picture opened and each model loaded once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.bootstrap import taggers
from counterprompt.bootstrap.pictures import open_picture, read_picture
from counterprompt.bootstrap.studies import load_adapters
from counterprompt.errors import InvalidInputError
from counterprompt.search.comparison import Comparer
from counterprompt.workflow.story import tell_story

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from counterprompt.bootstrap.generators import GeneratorChoice
    from counterprompt.ports import ImageGenerator, ProgressListener
    from counterprompt.settings import Settings
    from counterprompt.workflow.story import PictureStory


@dataclass(frozen=True)
class PreparedComparison:
    """What `workflow.comparing.compare` takes, and what its page shows."""

    story: PictureStory
    """The advice that is put to the test."""
    comparer: Comparer
    """The adapters; its scorer holds the dropped picture."""
    reference: Image.Image
    """The dropped picture."""
    remarks: tuple[str, ...]
    """What to know of it, one sentence each."""


def prepare_comparison(
    picture: Path | bytes,
    goal: str,
    choice: GeneratorChoice,
    generator: ImageGenerator,
    settings: Settings,
    progress: ProgressListener,
    *,
    tagger_folder: Path | None = None,
    scorer_folder: Path | None = None,
) -> PreparedComparison:
    """Read, tag and advise on *picture*, a file or its bytes, and load what draws and measures.

    Raises:
        InvalidInputError: the picture or the goal is no good, or the generator is the fake one, whose pictures show
            nothing.
        MissingModelError: the scorer or the tagger is not there.
        ScorerError: the scorer failed its self-test.
    """
    from counterprompt.scoring.clip_scorer import ClipScorer
    from counterprompt.scoring.reference import ClipReferenceScorer

    reading, image = read_picture(picture), open_picture(picture)
    adapters = load_adapters(choice, generator, settings, progress, lambda: image, scorer_folder)
    if not isinstance(adapters.scorer, ClipScorer):
        raise InvalidInputError("The fake generator draws nothing that could be compared; use --generator miniature.")
    tagger = taggers.load_tagger(settings, tagger_folder)
    story = tell_story(reading, image, tagger, goal, generator.lora_names())
    remarks = (*adapters.remarks, *taggers.remarks_by_params(settings, tagger_folder, [reading.params]))
    comparer = Comparer(generator, ClipReferenceScorer(adapters.scorer, image), tagger, progress)
    return PreparedComparison(story, comparer, image, remarks)
