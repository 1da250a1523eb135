"""Step three, Tune: what may be varied, for how long, and the study while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import gradio

from counterprompt.jobs.budgets import PRESETS
from counterprompt.webui.options import FEWEST_PICTURES
from counterprompt.webui.tab.empty_page import no_loras, no_study, unknown_pace
from counterprompt.webui.tab.judging_fold import render_judging
from counterprompt.webui.tab.limits import LAYERS, MOST_MINUTES, MOST_QUESTIONS
from counterprompt.webui.tab.pieces import render_step
from counterprompt.webui.tab.wiring import html, unsaved

if TYPE_CHECKING:
    from counterprompt.webui.tab.machinery import Machinery
    from counterprompt.webui.tab.tune_values import LayerRow, LoraRow
    from counterprompt.webui.tab.words import Words

FROM_PICTURE: Final = "the picture's own settings"
FROM_TXT2IMG: Final = "what stands in txt2img"
OWN_NUMBER: Final = "own number"
USUAL_PRESET: Final = "balanced"
_HINTS: Final = {
    "base": "General defects",
    "structure": "Bodies and objects",
    "style": "Other media, marks",
    "dynamic": "What this picture really got wrong",
}
_MOST_ON_SLIDER: Final = 1000


@dataclass(frozen=True, eq=False, repr=False)
class TuneStep:
    """The components of the step."""

    source: Any
    """Which settings are tuned."""
    switches: tuple[Any, ...]
    """One for each layer: whether it is on offer."""
    terms: tuple[Any, ...]
    """One for each layer: its terms."""
    loras: Any
    """A line for each LoRA of the prompt."""
    lora_ranges: Any
    """What is set in these lines, written by our script."""
    lora_key: Any
    """Which LoRAs the lines are of."""
    judging: Any
    """What is set in the fold of judging, written by our script."""
    cfg: tuple[Any, Any]
    """Lowest and highest CFG scale."""
    preset: Any
    """Quick, balanced, thorough or an own number."""
    budget: Any
    """Pictures."""
    minutes: Any
    """Time limit, 0 for none."""
    questions: Any
    """How often the user is asked which picture is best."""
    estimate: Any
    """How long that takes."""
    measure: Any
    """Draws a few pictures to see how long they take."""
    start: Any
    """Starts a study."""
    pause: Any
    """Pauses the chosen study."""
    resume: Any
    """Goes on with it."""
    stop: Any
    """Ends it."""
    running: Any
    """Buttons for the latest studies, and where the chosen one stands."""
    chosen: Any
    """Id of the chosen study, written by our script or by the server."""
    digest: Any
    """What the page last showed, so that it is only replaced when it changed."""
    look: Any
    """Clicked by our script to look again."""
    answer: Any
    """Key and answer of a question, written by our script."""
    take_answer: Any
    """Clicked by our script to hand the answer in."""
    note: Any
    """What went wrong."""

    @property
    def form(self) -> list[Any]:
        """The inputs of an order, in the order that `tune_actions` takes them apart."""
        fields = [self.lora_ranges, *self.cfg, self.budget, self.minutes, self.questions, self.judging]
        return [self.source, *self.switches, *self.terms, *fields]

    @property
    def layers(self) -> list[Any]:
        """What `show_layers` fills."""
        return [*self.switches, *self.terms]

    @property
    def lora_lines(self) -> list[Any]:
        """What `show_loras` fills."""
        return [self.loras, self.lora_ranges, self.lora_key]


def build_tune_step(words: Words, machinery: Machinery) -> TuneStep:
    """Build the step, nothing running."""
    lead = words("Search the negative prompt, LoRA weights and CFG scale that really help, on your own model.")
    html(render_step(3, words("Tune"), lead), "counterprompt_tune_head")
    source = _radio([FROM_PICTURE, FROM_TXT2IMG], "What to tune", "counterprompt_source")
    switches, terms = zip(*(_layer(name) for name in LAYERS))
    loras = html(no_loras(words), "counterprompt_loras")
    cfg = _slider("CFG scale from", 1, 20, 4.0, 0.5), _slider("CFG scale to", 1, 20, 10.0, 0.5)
    limits = _limits()
    html(render_judging(words), "counterprompt_judging_fold")
    with gradio.Row(elem_classes=["cp-orders"]):
        estimate = html(unknown_pace(words), "counterprompt_estimate")
        measure, start = _button("Measure"), _button("Start", variant="primary")
        pause, resume, stop = (_button(label, interactive=False) for label in ("Pause", "Resume", "Stop"))
    note, running = html("", "counterprompt_tune_note"), html(no_study(words), "counterprompt_running")
    fields = machinery.lora_ranges, machinery.lora_key, machinery.judging
    hidden = machinery.study, machinery.digest, machinery.look, machinery.word, machinery.take_answer
    return TuneStep(
        source, switches, terms, loras, *fields, cfg, *limits, estimate, measure, start, pause, resume, stop,
        running, *hidden, note,
    )  # fmt: skip


def show_layers(step: TuneStep, rows: Sequence[LayerRow]) -> dict[Any, Any]:
    """Return what the layers' switches and terms show of *rows*."""
    shown: dict[Any, Any] = dict(zip(step.switches, (row.is_on for row in rows)))
    shown.update(zip(step.terms, (row.terms for row in rows)))
    return shown


def show_loras(step: TuneStep, rows: Sequence[LoraRow], words: Words) -> dict[Any, Any]:
    """Return the lines of the LoRAs *rows*, nothing set in them yet."""
    from counterprompt.webui.tab.lora_form import key_of, render_loras  # loaded with the first picture

    return {step.loras: render_loras(rows, words), step.lora_ranges: "", step.lora_key: key_of(rows)}


def _limits() -> tuple[Any, Any, Any, Any]:
    preset = _radio([*PRESETS, OWN_NUMBER], "Budget", "counterprompt_preset", USUAL_PRESET)
    budget = _slider("Pictures", FEWEST_PICTURES, _MOST_ON_SLIDER, PRESETS[USUAL_PRESET], 10)
    minutes = _number("Time limit in minutes (0: none)", "counterprompt_minutes", MOST_MINUTES)
    label = "How often to ask me which of four pictures is best (0: never)"
    return preset, budget, minutes, _number(label, "counterprompt_questions", MOST_QUESTIONS)


def _number(label: str, elem_id: str, most: int) -> Any:
    return unsaved(gradio.Number(value=0, label=label, precision=0, minimum=0, maximum=most, elem_id=elem_id))


def _layer(name: str) -> tuple[Any, Any]:
    switch = unsaved(gradio.Checkbox(value=True, label=f"Layer {name}", elem_id=f"counterprompt_layer_{name}"))
    elem_id = f"counterprompt_terms_{name}"
    terms = gradio.Textbox(value="", label=_HINTS[name], placeholder="no terms", max_lines=3, elem_id=elem_id)
    return switch, unsaved(terms)


def _button(label: str, **options: Any) -> Any:
    return unsaved(gradio.Button(label, elem_id=f"counterprompt_{label.lower()}", **options))


def _radio(choices: list[str], label: str, elem_id: str, value: str = "") -> Any:
    return unsaved(gradio.Radio(choices, value=value or choices[0], label=label, elem_id=elem_id))


def _slider(label: str, low: float, high: float, value: float, step: float) -> Any:
    elem_id = f"counterprompt_{label.lower().replace(' ', '_')}"
    return unsaved(gradio.Slider(low, high, value=value, step=step, label=label, elem_id=elem_id))
