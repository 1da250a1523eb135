"""Step two, Decide: the goal, the advice, and the prompts to send to txt2img."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import gradio

from counterprompt.advice.choice import Goal
from counterprompt.webui.tab.empty_page import no_advice
from counterprompt.webui.tab.limits import MOST_SEEDS
from counterprompt.webui.tab.pieces import render_step
from counterprompt.webui.tab.wiring import html, unsaved

if TYPE_CHECKING:
    from counterprompt.webui.tab.case import PictureCase
    from counterprompt.webui.tab.words import Words

GOALS: Final = [goal.value for goal in Goal]


@dataclass(frozen=True, eq=False, repr=False)
class DecideStep:
    """The components of the step."""

    goal: Any
    """What the user wants with the picture."""
    blocked: Any
    """Words that no prompt may hold."""
    advice: Any
    """The advice."""
    own_prompt: Any
    """The prompt that the chips say, editable."""
    own_negative: Any
    """The negative prompt that the chips say, editable."""
    send_own: Any
    """Puts these into txt2img."""
    compare: Any
    """Compares the prompts on the host's own generator."""
    stop: Any
    """Ends the comparison."""
    seeds: Any
    """Seeds of the comparison, at most."""
    comparison: Any
    """Where the comparison stands."""
    note: Any
    """What was done, or what went wrong."""

    @property
    def shown(self) -> list[Any]:
        """What `show_advice` fills."""
        return [self.advice, self.own_prompt, self.own_negative]


def build_decide_step(words: Words) -> DecideStep:
    """Build the step, empty."""
    lead = words("Say what you want with the picture, and see which prompt to trust on this installation.")
    html(render_step(2, words("Decide"), lead), "counterprompt_decide_head")
    goal = unsaved(gradio.Radio(GOALS, value=GOALS[0], label="Goal", elem_id="counterprompt_goal"))
    blocked = unsaved(
        gradio.Textbox(
            value="",
            label="Words to leave out",
            placeholder="words or phrases, parted by commas",
            elem_id="counterprompt_blocked",
            max_lines=1,
        )
    )
    advice = html(no_advice(words), "counterprompt_advice")
    with gradio.Accordion(label="The prompt from your chips", open=False, elem_id="counterprompt_own_fold"):
        own_prompt = _prompt_box("Prompt", "counterprompt_own_prompt")
        own_negative = _prompt_box("Negative prompt", "counterprompt_own_negative")
        send_own = _button("Send the prompt from your chips to txt2img", "counterprompt_send_own")
    with gradio.Row(elem_classes=["cp-buttons"]):
        seeds = unsaved(gradio.Slider(4, MOST_SEEDS, value=16, step=4, label="Seeds", elem_id="counterprompt_seeds"))
        compare = _button("Compare the prompts on this model", "counterprompt_compare")
        stop = _button("Stop comparing", "counterprompt_stop_compare")
    comparison, note = html("", "counterprompt_comparison"), html("", "counterprompt_decide_note")
    comparing = (compare, stop, seeds, comparison)
    return DecideStep(goal, blocked, advice, own_prompt, own_negative, send_own, *comparing, note)


def show_advice(step: DecideStep, case: PictureCase | None, words: Words) -> dict[Any, Any]:
    """Return what the step shows of *case*."""
    if case is None:
        return {step.advice: no_advice(words), step.own_prompt: "", step.own_negative: ""}
    from counterprompt.webui.tab.advice_page import render_advice  # loaded with the first picture

    params = case.story.reading.params
    return {
        step.advice: render_advice(case.story.advice, words),
        step.own_prompt: params.prompt if params else "",
        step.own_negative: params.negative_prompt if params else "",
    }


def _button(label: str, elem_id: str) -> Any:
    return unsaved(gradio.Button(label, elem_id=elem_id))


def _prompt_box(label: str, elem_id: str) -> Any:
    return unsaved(gradio.Textbox(value="", label=label, lines=2, elem_id=elem_id))
