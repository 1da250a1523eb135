"""Step four, Results: the proof, writing it back, keeping it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio

from counterprompt.webui.tab.apply_step import ApplyBar
from counterprompt.webui.tab.empty_page import no_result
from counterprompt.webui.tab.pieces import render_step
from counterprompt.webui.tab.wiring import html, unsaved

if TYPE_CHECKING:
    from counterprompt.webui.tab.words import Words


@dataclass(frozen=True, eq=False, repr=False)
class ResultsStep:
    """The components of the step."""

    result: Any
    """What the chosen study found, and why nothing can be written or kept where that is so."""
    write: Any
    """Writes the winner into txt2img."""
    name: Any
    """Name of the recipe or style."""
    recipe: Any
    """Keeps the winner as a recipe."""
    style: Any
    """Keeps its negative prompt as a style of the host."""
    prove: Any
    """Proves the best candidate once more, where the first proof could not tell."""
    open_report: Any
    """Shows the whole report."""
    report: Any
    """The whole report."""
    bar: ApplyBar
    """Undo and apply again, beside the button that writes."""

    @property
    def note(self) -> Any:
        """What was done, or what went wrong."""
        return self.bar.note

    @property
    def keepers(self) -> tuple[Any, ...]:
        """The buttons that write or keep a winner, which only a study with a gain has."""
        return self.write, self.recipe, self.style


def build_results_step(words: Words) -> ResultsStep:
    """Build the step, empty."""
    lead = words("Proven on seeds that the search never saw, or plainly not.")
    html(render_step(4, words("Results"), lead), "counterprompt_results_head")
    result = html(no_result(words), "counterprompt_result")
    with gradio.Row(elem_classes=["cp-buttons", "cp-keep"]):
        write = _until_shown("Write winner to txt2img", "counterprompt_write", variant="primary")
        undo = unsaved(gradio.Button("Undo in txt2img", elem_id="counterprompt_undo"))
        again = unsaved(gradio.Button("Apply again to txt2img", elem_id="counterprompt_again"))
        hint = "name to keep it under"
        name = gradio.Textbox(value="", label="Name", placeholder=hint, max_lines=1, elem_id="counterprompt_name")
        recipe = _until_shown("Save as recipe", "counterprompt_save_recipe")
        style = _until_shown("Save as style", "counterprompt_save_style")
        prove = _until_shown("Prove again", "counterprompt_prove")
        open_report = _until_shown("Open the report", "counterprompt_open_report")
    bar = ApplyBar(undo, again, html("", "counterprompt_apply_note"))
    report = html("", "counterprompt_report")
    return ResultsStep(result, write, unsaved(name), recipe, style, prove, open_report, report, bar)


def _until_shown(label: str, elem_id: str, **looks: Any) -> Any:
    """Make a button that stays off until a result is shown that it can do something with."""
    return unsaved(gradio.Button(label, elem_id=elem_id, interactive=False, **looks))
