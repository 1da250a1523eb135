"""Step one, Read: the drop zone, what is embedded, the chips, the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import gradio

from counterprompt.webui.tab.empty_page import no_chips, no_files, no_reading, render_preview
from counterprompt.webui.tab.pieces import render_notes, render_step
from counterprompt.webui.tab.uploads import guarded
from counterprompt.webui.tab.wiring import hidden_button, hidden_text, html, unsaved

if TYPE_CHECKING:
    from counterprompt.webui.tab.case import PictureCase
    from counterprompt.webui.tab.words import Words

ENDINGS: Final = [".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif"]
"""Named one by one: to some hosts' Python AVIF is no picture."""


@dataclass(frozen=True)
class ReadStep:
    """The components of the step."""

    drop: Any
    """Takes the file as it is, with all its metadata."""
    preview: Any
    """The picture."""
    reading: Any
    """What is embedded."""
    remarks: Any
    """What to know of the tagger and the inventory."""
    sides: Any
    """The chips."""
    files: Any
    """Which model files are here."""
    moved: Any
    """Numbers of the chips that were moved, written by our script."""
    apply_moves: Any
    """Clicked by our script after a chip was moved."""
    gallery_place: Any
    """Which picture of the host's gallery is chosen, written by our script."""
    take_gallery: Any
    """Clicked by our script to read that picture."""

    @property
    def shown(self) -> list[Any]:
        """What `show_case` fills."""
        return [self.preview, self.reading, self.remarks, self.sides, self.files, self.moved]


def build_read_step(words: Words) -> ReadStep:
    """Build the step, empty."""
    html(
        render_step(1, words("Read"), words("Drop a picture. Its parameters stay with it.")), "counterprompt_read_head"
    )
    with gradio.Row(elem_classes=["cp-read"]):
        with gradio.Column(scale=1, min_width=260):
            drop = unsaved(
                gradio.File(
                    label="Picture: PNG, JPEG, WebP, AVIF or GIF",
                    type="binary",
                    file_count="single",
                    file_types=ENDINGS,
                    elem_id="counterprompt_drop",
                )
            )
            drop.preprocess = guarded(drop.preprocess, tuple(filter(None, [getattr(drop, "DEFAULT_TEMP_DIR", None)])))
            preview = html(render_preview("", words), "counterprompt_preview")
        with gradio.Column(scale=2, min_width=320):
            reading = html(no_reading(words), "counterprompt_reading")
    remarks = html("", "counterprompt_remarks")
    sides = html(no_chips(words), "counterprompt_sides")
    with gradio.Accordion(label="Model files", open=True, elem_id="counterprompt_files_fold"):
        files = html(no_files(words), "counterprompt_files")
    moved, apply_moves = hidden_text("counterprompt_moved"), hidden_button("counterprompt_apply_moves")
    place, take = hidden_text("counterprompt_gallery_place"), hidden_button("counterprompt_take_gallery")
    return ReadStep(drop, preview, reading, remarks, sides, files, moved, apply_moves, place, take)


def show_case(step: ReadStep, case: PictureCase | None, words: Words) -> dict[Any, Any]:
    """Return what the step shows of *case*; without one it is empty again."""
    if case is None:
        return {
            step.preview: render_preview("", words),
            step.reading: no_reading(words),
            step.remarks: "",
            step.sides: no_chips(words),
            step.files: no_files(words),
            step.moved: "",
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
        step.remarks: render_notes(map(words, story.remarks)),
        step.sides: render_sides(story.diff, words),
        step.files: render_resources(story.advice.resources, words),
        step.moved: "",
    }
