"""The controls of the script "Counterprompt: tune", and what their values mean."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import InvalidInputError
from counterprompt.webui.options import FEWEST_PICTURES

if TYPE_CHECKING:
    from counterprompt.workflow.baseline import TuneChoices

USUAL_BUDGET: Final = 240
LARGEST_BUDGET: Final = 5000
USUAL_BATCH: Final = 4
LARGEST_BATCH: Final = 32
LARGEST_CFG: Final = 30.0
LARGEST_WEIGHT: Final = 2.0

ABOUT: Final = (
    "Generate searches the negative prompt, CFG scale and LoRA weights that help with everything set above, proves the "
    "gain on fresh seeds and shows the winner beside your own settings. Interrupt stops it; Generate with the same "
    "settings goes on. Skip throws the pictures in hand away and draws them again."
)


def build_panel() -> list[Any]:
    """Build what the script shows where the caller's layout stands, and return what `build_controls` does."""
    import gradio as gr

    gr.HTML(f"<p>{ABOUT}</p>")
    with gr.Row(elem_classes=["counterprompt-tune"]):
        return build_controls()


def build_controls() -> list[Any]:
    """Build the controls alone, and return them in the order that API users count on."""
    import gradio as gr

    name = "counterprompt_tune"
    return [
        gr.Slider(FEWEST_PICTURES, 1000, USUAL_BUDGET, step=20, label="Pictures in all", elem_id=f"{name}_budget"),
        gr.Slider(1, LARGEST_BATCH, USUAL_BATCH, step=1, label="Pictures at once", elem_id=f"{name}_batch"),
        gr.Slider(0, 30, 0, step=0.5, label="CFG from (0: by the rules)", elem_id=f"{name}_cfg_low"),
        gr.Slider(0, 30, 0, step=0.5, label="CFG to (0: by the rules)", elem_id=f"{name}_cfg_high"),
        gr.Slider(0, 2, 0, step=0.05, label="LoRA weight from", elem_id=f"{name}_lora_low"),
        gr.Slider(0, 2, 0, step=0.05, label="LoRA weight to (0: by the rules)", elem_id=f"{name}_lora_high"),
        gr.Checkbox(True, label="Also measure an empty and a popular negative prompt", elem_id=f"{name}_controls"),
    ]


def choices_of(
    budget: Any = USUAL_BUDGET,
    batch: Any = USUAL_BATCH,
    cfg_low: Any = 0,
    cfg_high: Any = 0,
    lora_low: Any = 0,
    lora_high: Any = 0,
    has_controls: Any = True,
    *_: Any,
) -> tuple[TuneChoices, int]:
    """Check the values, which come from a page or the API; return the choices and how many pictures to draw at once.

    Raises:
        InvalidInputError: one is no number or out of range.
    """
    from counterprompt.workflow.baseline import TuneChoices  # loaded with the first study: a start waits for no search

    choices = TuneChoices(
        budget=int(_number(budget, "number of pictures", FEWEST_PICTURES, LARGEST_BUDGET)),
        cfg_range=_range(cfg_low, cfg_high, "CFG scale", LARGEST_CFG),
        lora_range=_range(lora_low, lora_high, "LoRA weight", LARGEST_WEIGHT),
        controls=bool(has_controls),
    )
    return choices, int(_number(batch, "number of pictures at once", 1, LARGEST_BATCH))


def _range(low: Any, high: Any, what: str, largest: float) -> tuple[float, float] | None:
    least, most = _number(low, what, 0, largest), _number(high, what, 0, largest)
    if most == 0:
        return None
    if least > most:
        raise InvalidInputError(f"The {what} would go from {least:g} to {most:g}; swap the two.")
    return least, most


def _number(value: Any, what: str, least: float, most: float) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not least <= value <= most:
        raise InvalidInputError(f"The {what} is {str(value)[:50]!r}; give a number from {least:g} to {most:g}.")
    return float(value)
