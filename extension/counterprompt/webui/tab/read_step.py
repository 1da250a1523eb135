"""Step one, Read: the drop zone, what is embedded, the chips, the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import gradio

from counterprompt.webui.tab.empty_page import no_chips, no_files, no_reading, render_preview, render_seen
from counterprompt.webui.tab.pieces import render_notes
from counterprompt.webui.tab.uploads import guarded
from counterprompt.webui.tab.wiring import html, unsaved

if TYPE_CHECKING:
    from counterprompt.webui.tab.case import PictureCase
    from counterprompt.webui.tab.words import Words

ENDINGS: Final = [".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif"]
"""Named one by one: to some hosts' Python AVIF is no picture."""


@dataclass(frozen=True, eq=False, repr=False)
class ReadStep:
    """The components of the step."""

    drop: Any
    """Takes the file as it is, with all its metadata."""
    preview: Any
    """The picture."""
    reading: Any
    """What is embedded, or why the picture could not be read."""
    seen: Any
    """What to know of the tagger and the inventory, the chips, and which model files are here."""

    @property
    def shown(self) -> list[Any]:
        """What `show_case` fills."""
        return [self.preview, self.reading, self.seen]


def build_read_step(words: Words) -> ReadStep:
    """Build the step, empty; its heading stands above."""
    with gradio.Row(elem_classes=["cp-read"]):
        drop = unsaved(
            gradio.File(
                label="Picture: PNG, JPEG, WebP, AVIF or GIF",
                type="binary",
                file_types=ENDINGS,
                elem_id="counterprompt_drop",
            )
        )
        drop.preprocess = guarded(drop.preprocess, tuple(filter(None, [getattr(drop, "DEFAULT_TEMP_DIR", None)])))
        preview = html(render_preview("", words), "counterprompt_preview")
        reading = html(no_reading(words), "counterprompt_reading")
    seen = html(render_seen("", no_chips(words), no_files(words), words), "counterprompt_seen")
    return ReadStep(drop, preview, reading, seen)


def show_case(step: ReadStep, case: PictureCase | None, words: Words) -> dict[Any, Any]:
    """Return what the step shows of *case*; without one it is empty again."""
    if case is None:
        return {
            step.preview: render_preview("", words),
            step.reading: no_reading(words),
            step.seen: render_seen("", no_chips(words), no_files(words), words),
        }
    # What renders a picture is loaded with the first one: a host's start waits for every module that the tab imports.
    from counterprompt.report.pictures import image_tag
    from counterprompt.webui.tab.chips_page import render_sides
    from counterprompt.webui.tab.reading_page import render_reading
    from counterprompt.webui.tab.resources_page import render_resources

    story = case.story
    return {
        step.preview: render_preview(image_tag(case.image, words("The picture you dropped")), words),
        step.reading: render_reading(story.reading, words),
        step.seen: render_seen(
            render_notes(map(words, story.remarks)),
            render_sides(story.diff, words),
            render_resources(story.advice.resources, words),
            words,
        ),
    }
