"""What the page's script, the page and the server tell each other by: fields and buttons that nobody sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio

from counterprompt.webui.tab.wiring import unsaved


@dataclass(frozen=True, eq=False, repr=False)
class Machinery:
    """The unseen components; the script writes into a field first and clicks a button then."""

    word: Any
    """What the script has to say to the button that it clicks next."""
    lora_ranges: Any
    """What is set in the lines of the LoRAs, written by the script."""
    lora_key: Any
    """Which LoRAs the lines are of."""
    judging: Any
    """What is set otherwise than usual in the fold of judging, written by the script."""
    study: Any
    """Id of the chosen study, written by the script or by the server."""
    digest: Any
    """What the page last showed, so that it is only replaced when it changed."""
    apply_moves: Any
    """Takes the numbers of the chips that were moved."""
    take_gallery: Any
    """Takes the place of a picture in the host's gallery, and reads it."""
    send: Any
    """Takes the name of a choice, and sends its prompt to txt2img."""
    look: Any
    """Shows whatever has changed meanwhile."""
    take_answer: Any
    """Takes key and answer of a question."""


def build_machinery() -> Machinery:
    """Build all of it, the fields side by side: gradio puts a form around those that are."""
    texts = [_text(name) for name in ("word", "lora_ranges", "lora_key", "judging", "study", "digest")]
    buttons = [_button(name) for name in ("apply_moves", "take_gallery", "send", "look", "take_answer")]
    return Machinery(*texts, *buttons)


def _text(name: str) -> Any:
    """Make a text field that is on the page and not seen; `visible=False` would leave it out of the page."""
    return unsaved(
        gradio.Textbox(value="", show_label=False, elem_id=f"counterprompt_{name}", elem_classes=["cp-machinery"])
    )


def _button(name: str) -> Any:
    return unsaved(gradio.Button(name, elem_id=f"counterprompt_{name}", elem_classes=["cp-machinery"]))
