"""The always-on accordion "Dynamic negative prompt": the negative composed for each picture when it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.webui.faults import describe_fault, faults_shown_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.webui.dynamic_panel import DynamicPanel

TITLE = "Counterprompt: dynamic negative prompt"
"""What API calls name it by; never change it."""

OVERRIDES = "counterprompt_dynamic"
"""Attribute of a processing object that overrules the page: argument name to value, set by X/Y/Z axes."""


class DynamicNegativeScript:
    """What the entry joins with the host's Script class; its arguments are in the order of the panel's controls."""

    is_of_counterprompt = True

    panel: DynamicPanel | None = None
    """What was built for the page."""

    def __init__(self) -> None:
        super().__init__()
        self._met: list[Any] = []
        self._unseen: list[Any] = []

    def title(self) -> str:
        """Return the script's name."""
        return TITLE

    def show(self, is_img2img: bool) -> Any:
        """Show it at all times, in txt2img and img2img."""
        from modules import scripts

        return scripts.AlwaysVisible

    def ui(self, is_img2img: bool) -> list[Any]:
        """Build the accordion and return the controls whose values `process` gets.

        A host asks the same script twice more for what an API call begins with; nobody sees these controls.
        """
        from counterprompt.negative.dynamic_names import FIELDS, PLACE_FIELD, RECIPE_FIELD, TERMS_FIELD
        from counterprompt.webui.dynamic_panel import DynamicPanel, build_controls

        page = "img2img" if is_img2img else "txt2img"
        if self.panel is not None:
            self._unseen = self._unseen or build_controls(page)
            return self._unseen
        self.panel = panel = DynamicPanel(page)
        for component in self._met:
            panel.meet(component)
        self._met.clear()
        self.infotext_fields = [
            (panel.is_on, lambda fields: RECIPE_FIELD in fields),
            (panel.recipe, lambda fields: _shown_recipe(fields)),
            (panel.place, PLACE_FIELD),
            (panel.most_terms, TERMS_FIELD),
        ]
        self.paste_field_names = list(FIELDS)
        return panel.controls

    def after_component(self, component: Any, **_: Any) -> None:
        """Connect the panel with the fields that it looks at, which hosts build before it or behind it."""
        if self.panel is not None:
            self.panel.meet(component)
        elif getattr(component, "elem_id", None):
            self._met.append(component)

    def process(
        self,
        p: Any,
        is_on: bool = False,
        recipe: str = "",
        place: str = "",
        most_terms: float | None = None,
        *_: Any,
    ) -> None:
        """Write the negatives of a generation that is about to begin, where it is switched on.

        What is left out has its usual value.
        """
        with faults_shown_on(p, "dynamic negative prompt"):
            chosen = {"is_on": is_on, "recipe": recipe, "place": place, "most_terms": most_terms}
            chosen |= getattr(p, OVERRIDES, {})
            if chosen.pop("is_on"):
                from counterprompt.webui.dynamic_generation import choice_of, write_negatives
                from counterprompt.webui.recipes_here import recipes_here

                write_negatives(p, choice_of(**chosen), recipes_here())


def restore_pasted(_infotext: str, params: dict[str, Any]) -> None:
    """Set the fields of a pasted infotext as they were when its picture was drawn.

    Where the recipe is not here or would give another negative prompt now, the negative prompt stays as it was drawn
    with, and the accordion is switched off: either way the same picture comes out.
    """
    from counterprompt.negative.dynamic_infotext import restore
    from counterprompt.negative.dynamic_names import FIELDS, OWN_FIELD, PLACE_FIELD, RECIPE_FIELD, TERMS_FIELD
    from counterprompt.webui.recipes_here import recipes_here

    if RECIPE_FIELD not in params:
        return
    try:
        restored = None if params.get("Styles array") else restore(params, recipes_here())
    except Exception as error:
        describe_fault(error)
        restored = None
    if restored is None:
        for field in FIELDS:
            params.pop(field, None)
    else:
        choice = restored.choice  # by the names that the controls know: an infotext may come from elsewhere
        params |= {RECIPE_FIELD: choice.recipe, PLACE_FIELD: choice.place, TERMS_FIELD: str(choice.most_terms)}
        params["Negative prompt"] = restored.own_negative
        params.pop(OWN_FIELD, None)


def _shown_recipe(fields: Mapping[str, Any]) -> Any:
    import gradio as gr

    from counterprompt.negative.dynamic_names import RECIPE_FIELD
    from counterprompt.webui.recipes_here import recipe_choices

    name = fields.get(RECIPE_FIELD)
    return gr.update(value=name, choices=recipe_choices()) if name else None
