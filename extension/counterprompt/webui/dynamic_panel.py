"""What the accordion "Dynamic negative prompt" shows."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from counterprompt.negative.dynamic_names import AUTO, BEHIND, PLACES, RULES_ALONE, USUAL_MOST_TERMS
from counterprompt.webui.recipes_here import recipe_choices

if TYPE_CHECKING:
    from collections.abc import Iterator

LABEL = "Dynamic negative prompt"
REFRESH = "\U0001f504"


class DynamicPanel:
    """The controls of one page, "txt2img" or "img2img"."""

    def __init__(self, page: str) -> None:
        """Build the controls where the caller's layout stands."""
        import gradio as gr

        self.wanted = fields_of(page)
        """Ids of the page's fields that the panel wants to meet."""
        self._fields: dict[str, Any] = {}
        self.is_connected = False
        """Whether the fields were met, so that the preview is shown."""
        name = f"counterprompt_dynamic_{page}"
        with _accordion(LABEL, name) as self.is_on:
            with gr.Row(elem_classes=["counterprompt-recipe"]):
                self.recipe = _recipe(name)
                self._refresh = gr.Button(REFRESH, elem_id=f"{name}_refresh", elem_classes=["tool"])
                self.most_terms = _most_terms(name)
            self.place = _place(name)
            self._look = gr.Button(f"{name}_look", elem_id=f"{name}_look", elem_classes=["cp-machinery"])
            self._preview = gr.HTML("", elem_id=f"{name}_preview")
        for component in (self.recipe, self._refresh, self._look, self._preview):  # the recipe's choices change
            component.do_not_save_to_config = True

    @property
    def controls(self) -> list[Any]:
        """The controls whose values a generation gets, in the order that API users count on."""
        return [self.is_on, self.recipe, self.place, self.most_terms]

    def meet(self, component: Any) -> None:
        """Take notice of one of the page's fields; with the last of them the panel comes to life."""
        elem_id = getattr(component, "elem_id", None)
        if self.is_connected or elem_id not in self.wanted:
            return
        self._fields.setdefault(elem_id, component)
        if len(self._fields) == len(self.wanted):
            self.is_connected = True
            self._connect()

    def _connect(self) -> None:
        """Let our script's clicks show the preview: it sees whatever changes on the page, also by a paste."""
        quiet = {"show_progress": "hidden", "queue": False}
        seen = [*self.controls, *(self._fields[name] for name in self.wanted)]
        self._look.click(_preview, inputs=seen, outputs=[self._preview], **quiet)
        self._refresh.click(_refreshed, inputs=seen, outputs=[self.recipe, self._preview], **quiet)


def build_controls(page: str) -> list[Any]:
    """Build the controls of *page* alone, for whoever wants to know what they begin with."""
    import gradio as gr

    name = f"counterprompt_dynamic_{page}"
    return [gr.Checkbox(False, label=LABEL, elem_id=name), _recipe(name), _place(name), _most_terms(name)]


def _recipe(name: str) -> Any:
    import gradio as gr

    return gr.Dropdown([AUTO, RULES_ALONE], value=AUTO, label="Recipe", elem_id=f"{name}_recipe")


def _most_terms(name: str) -> Any:
    import gradio as gr

    return gr.Slider(0, 75, value=USUAL_MOST_TERMS, step=1, label="Most terms in all", elem_id=f"{name}_terms")


def _place(name: str) -> Any:
    import gradio as gr

    return gr.Radio(list(PLACES), value=BEHIND, label="Place", elem_id=f"{name}_place")


def fields_of(page: str) -> tuple[str, ...]:
    """Name the fields of *page* that a preview depends on, by their ids."""
    return tuple(f"{page}_{field}" for field in ("prompt", "neg_prompt", "cfg_scale"))


def _preview(*values: Any) -> str:
    from counterprompt.webui.dynamic_preview import preview  # loaded with the first look

    return preview(*values)


def _refreshed(is_on: Any, recipe: Any, *values: Any) -> tuple[Any, str]:
    import gradio as gr

    choices = recipe_choices()
    chosen = recipe if recipe in choices else AUTO
    return gr.update(choices=choices, value=chosen), _preview(is_on, chosen, *values)


@contextmanager
def _accordion(label: str, elem_id: str) -> Iterator[Any]:
    """Give the switch of the host's accordion with one, else a checkbox in a plain one."""
    import gradio as gr

    try:
        from modules.ui_components import InputAccordion
    except ImportError:
        with gr.Accordion(label, open=False, elem_id=elem_id):
            yield gr.Checkbox(False, label="On", elem_id=f"{elem_id}_on")
        return
    with InputAccordion(False, label=label, elem_id=elem_id) as switch:
        yield switch
