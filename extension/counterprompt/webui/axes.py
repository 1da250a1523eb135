"""Axes for the host's X/Y/Z plot: recipe, and whether the dynamic negative prompt is on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.webui.dynamic_script import OVERRIDES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RECIPE_AXIS = "[Counterprompt] Recipe"
SWITCH_AXIS = "[Counterprompt] Dynamic negative"
SWITCH_VALUES = ("off", "on")


def add_axes() -> None:
    """Offer our axes in the host's plot script, once; where it has none, nothing happens."""
    from counterprompt.webui.recipes_here import recipe_choices

    plot = _plot_module()
    if plot is None or any(option.label == RECIPE_AXIS for option in plot.axis_options):
        return
    plot.axis_options += [
        plot.AxisOption(
            RECIPE_AXIS, str, _overriding("recipe", on=True), confirm=_known(recipe_choices), choices=recipe_choices
        ),
        plot.AxisOption(
            SWITCH_AXIS,
            str,
            _switching,
            confirm=_known(lambda: list(SWITCH_VALUES)),
            choices=lambda: list(SWITCH_VALUES),
        ),
    ]


def _plot_module() -> Any:
    from modules import scripts

    return next((data.module for data in scripts.scripts_data if hasattr(data.module, "axis_options")), None)


def _overriding(name: str, *, on: bool) -> Callable[[Any, Any, Any], None]:
    def apply(p: Any, value: Any, _values: Any) -> None:
        before = {"is_on": True} if on else {}
        setattr(p, OVERRIDES, {**before, **getattr(p, OVERRIDES, {}), name: value})

    return apply


def _switching(p: Any, value: Any, _values: Any) -> None:
    setattr(p, OVERRIDES, {**getattr(p, OVERRIDES, {}), "is_on": value == "on"})


def _known(choices: Callable[[], list[str]]) -> Callable[[Any, Sequence[str]], None]:
    def confirm(_p: Any, values: Sequence[str]) -> None:
        for value in values:
            if value not in choices():
                raise InvalidInputError(f"There is no {value[:100]!r} for this axis; use {', '.join(choices()[:20])}.")

    return confirm
