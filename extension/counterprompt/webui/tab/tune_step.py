"""Step three, Tune: what may be varied, for how long, and the study while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import gradio

from counterprompt.webui.tab.pieces import render_note, render_step
from counterprompt.webui.tab.study_page import render_study, told_time
from counterprompt.webui.tab.tune_form import LARGEST_BUDGET, LAYERS, PRESETS, LayerRow, estimate_minutes
from counterprompt.webui.tab.wiring import hidden_button, hidden_text, html, unsaved

if TYPE_CHECKING:
    from counterprompt.webui.tab.words import Words

FROM_PICTURE: Final = "the picture's own settings"
FROM_TXT2IMG: Final = "what stands in txt2img"
_HINTS: Final = {
    "base": "General defects",
    "structure": "Bodies and objects",
    "style": "Other media, marks",
    "dynamic": "What this picture really got wrong",
}


@dataclass(frozen=True)
class TuneStep:
    """The components of the step."""

    source: Any
    """Which settings are tuned."""
    switches: tuple[Any, ...]
    """One for each layer: whether it is on offer."""
    terms: tuple[Any, ...]
    """One for each layer: its terms."""
    lora: tuple[Any, Any]
    """Lowest and highest LoRA weight."""
    cfg: tuple[Any, Any]
    """Lowest and highest CFG scale."""
    preset: Any
    """Quick, balanced or thorough."""
    budget: Any
    """Pictures."""
    estimate: Any
    """How long that takes."""
    start: Any
    """Starts a study."""
    pause: Any
    """Pauses the chosen study."""
    resume: Any
    """Goes on with it."""
    stop: Any
    """Ends it."""
    studies: Any
    """Buttons for the latest studies."""
    running: Any
    """Where the chosen one stands."""
    chosen: Any
    """Id of the chosen study, written by our script or by the server."""
    digest: Any
    """What the page last showed, so that it is only replaced when it changed."""
    look: Any
    """Clicked by our script to look again."""
    note: Any
    """What went wrong."""

    @property
    def form(self) -> list[Any]:
        """The inputs of an order: source, switches, terms, LoRA range, CFG range, budget."""
        return [self.source, *self.switches, *self.terms, *self.lora, *self.cfg, self.budget]

    @property
    def layers(self) -> list[Any]:
        """What `show_layers` fills."""
        return [*self.switches, *self.terms]


def build_tune_step(words: Words) -> TuneStep:
    """Build the step, nothing running."""
    lead = words("Search the negative prompt, LoRA weights and CFG scale that really help, on your own model.")
    html(render_step(3, words("Tune"), lead), "counterprompt_tune_head")
    source = _radio([FROM_PICTURE, FROM_TXT2IMG], "Tune", "counterprompt_source")
    switches, terms = zip(*(_layer(name) for name in LAYERS))
    with gradio.Row():
        lora = _slider("LoRA weight from", 0, 1.5, 0.5, 0.05), _slider("LoRA weight to", 0, 1.5, 1.0, 0.05)
        cfg = _slider("CFG scale from", 1, 20, 4.0, 0.5), _slider("CFG scale to", 1, 20, 10.0, 0.5)
    with gradio.Row():
        preset = _radio(list(PRESETS), "Budget", "counterprompt_preset", "balanced")
        budget = _slider("Pictures", 40, LARGEST_BUDGET // 4, PRESETS["balanced"], 10)
    estimate = html(render_estimate(PRESETS["balanced"], None, words), "counterprompt_estimate")
    with gradio.Row(elem_classes=["cp-buttons"]):
        start = unsaved(gradio.Button("Start", variant="primary", elem_id="counterprompt_start"))
        pause, resume, stop = (
            unsaved(gradio.Button(label, elem_id=f"counterprompt_{label.lower()}", interactive=False))
            for label in ("Pause", "Resume", "Stop")
        )
    note = html("", "counterprompt_tune_note")
    studies = html("", "counterprompt_studies")
    running = html(render_study(None, words), "counterprompt_running")
    hidden = (
        hidden_text("counterprompt_study"),
        hidden_text("counterprompt_digest"),
        hidden_button("counterprompt_look"),
    )
    return TuneStep(
        source, switches, terms, lora, cfg, preset, budget, estimate, start, pause, resume, stop, studies, running,
        *hidden, note,
    )  # fmt: skip


def show_layers(step: TuneStep, rows: Sequence[LayerRow]) -> dict[Any, Any]:
    """Return what the layers' switches and terms show of *rows*."""
    shown: dict[Any, Any] = dict(zip(step.switches, (row.is_on for row in rows)))
    shown.update(zip(step.terms, (row.terms for row in rows)))
    return shown


def render_estimate(pictures: int, seconds_per_picture: float | None, words: Words) -> str:
    """Say how long so many pictures take here."""
    minutes = estimate_minutes(pictures, seconds_per_picture)
    if minutes is None:
        return render_note(words("How long this takes is told as soon as the first pictures are drawn."))
    said = words("About {time} for {pictures} pictures.", time=told_time(minutes * 60, words), pictures=pictures)
    return render_note(said)


def _layer(name: str) -> tuple[Any, Any]:
    with gradio.Row(elem_classes=["cp-layer"]):
        switch = unsaved(gradio.Checkbox(value=True, label=f"Layer {name}", elem_id=f"counterprompt_layer_{name}"))
        terms = unsaved(
            gradio.Textbox(
                value="", label=_HINTS[name], lines=1, max_lines=3, scale=4, elem_id=f"counterprompt_terms_{name}"
            )
        )
    return switch, terms


def _radio(choices: list[str], label: str, elem_id: str, value: str = "") -> Any:
    return unsaved(gradio.Radio(choices, value=value or choices[0], label=label, elem_id=elem_id))


def _slider(label: str, low: float, high: float, value: float, step: float) -> Any:
    elem_id = f"counterprompt_{label.lower().replace(' ', '_')}"
    return unsaved(gradio.Slider(low, high, value=value, step=step, label=label, elem_id=elem_id))
