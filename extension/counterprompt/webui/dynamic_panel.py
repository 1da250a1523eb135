"""What the accordion "Dynamic negative prompt" shows, and what it says beforehand."""

from __future__ import annotations

from html import escape
from typing import Any

from counterprompt.negative.dynamic import AUTO, BEHIND, PLACES, USUAL_MOST_TERMS, DynamicPrompt, compose_dynamic
from counterprompt.negative.dynamic_words import describe
from counterprompt.negative.muteness import Guidance, find_muteness
from counterprompt.webui.dynamic_generation import choice_of
from counterprompt.webui.faults import describe_fault
from counterprompt.webui.recipes_here import recipe_choices, recipes_here
from counterprompt.webui.served import checkpoint_name

LABEL = "Dynamic negative prompt"


class DynamicPanel:
    """The controls of one page, "txt2img" or "img2img"."""

    def __init__(self, page: str) -> None:
        """Build the controls where the caller's layout stands."""
        import gradio as gr

        self._page = page
        self._fields: dict[str, Any] = {}
        self._is_connected = False
        name = f"counterprompt_dynamic_{page}"
        with _accordion(LABEL, name) as (self.is_on, _):
            with gr.Row():
                self.recipe = gr.Dropdown(recipe_choices(), value=AUTO, label="Recipe", elem_id=f"{name}_recipe")
                self.place = gr.Dropdown(list(PLACES), value=BEHIND, label="Place", elem_id=f"{name}_place")
                self.most_terms = gr.Slider(
                    0, 75, value=USUAL_MOST_TERMS, step=1, label="Most terms in all", elem_id=f"{name}_terms"
                )
            self._look = gr.Button("Show what it adds", elem_id=f"{name}_look", size="sm")
            self._preview = gr.HTML("", elem_id=f"{name}_preview")
        self.recipe.do_not_save_to_config = True  # its choices change

    @property
    def controls(self) -> list[Any]:
        """The controls whose values a generation gets, in the order that API users count on."""
        return [self.is_on, self.recipe, self.place, self.most_terms]

    def meet(self, component: Any) -> None:
        """Take notice of one of the page's fields; with the last of them the panel comes to life."""
        names = {f"{self._page}_{field}" for field in ("prompt", "neg_prompt", "cfg_scale")}
        elem_id = getattr(component, "elem_id", None)
        if elem_id in names:
            self._fields.setdefault(elem_id, component)
        if len(self._fields) == len(names) and not self._is_connected:
            self._is_connected = True
            self._connect()

    def _connect(self) -> None:
        prompt, negative, cfg_scale = (
            self._fields[f"{self._page}_{field}"] for field in ("prompt", "neg_prompt", "cfg_scale")
        )
        said = {
            "fn": preview,
            "inputs": [*self.controls, prompt, negative, cfg_scale],
            "outputs": [self._preview],
            "show_progress": "hidden",
            "queue": False,
        }
        self._look.click(**said)
        for control in (self.is_on, self.recipe, self.place):
            control.change(**said)
        self.most_terms.release(**said)
        for field in (prompt, negative):
            field.blur(**said)
        cfg_scale.release(**said)
        self._look.click(_refreshed, inputs=[self.recipe], outputs=[self.recipe], show_progress="hidden", queue=False)


def preview(is_on: Any, recipe: Any, place: Any, terms: Any, prompt: Any, negative: Any, cfg_scale: Any) -> str:
    """Say as HTML what the next generation's negative prompt will be; every value comes from the browser."""
    if not is_on:
        return ""
    try:
        scale = float(cfg_scale)
        here = DynamicPrompt(str(prompt or ""), str(negative or ""), scale, checkpoint_name())
        composed = compose_dynamic(choice_of(recipe, place, terms), here, recipes_here())
        lines = [*(each.text for each in find_muteness(Guidance(scale))), *describe(composed)]
    except Exception as error:
        lines = [describe_fault(error)]
    return "<div class='counterprompt-dynamic'>" + "".join(f"<p>{escape(line)}</p>" for line in lines) + "</div>"


def _refreshed(recipe: Any) -> Any:
    import gradio as gr

    choices = recipe_choices()
    return gr.update(choices=choices, value=recipe if recipe in choices else AUTO)


def _accordion(label: str, elem_id: str) -> Any:
    """Return a context that gives the switch: the host's accordion with one, else a plain one with a checkbox in it."""
    from contextlib import contextmanager

    import gradio as gr

    @contextmanager
    def opened() -> Any:
        try:
            from modules.ui_components import InputAccordion
        except ImportError:
            with gr.Accordion(label, open=False, elem_id=elem_id):
                yield gr.Checkbox(False, label="On", elem_id=f"{elem_id}_on"), None
            return
        with InputAccordion(False, label=label, elem_id=elem_id) as switch:
            yield switch, None

    return opened()
