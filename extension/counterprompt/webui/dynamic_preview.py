"""What the accordion "Dynamic negative prompt" says beforehand: the next picture's negative prompt, and why."""

from __future__ import annotations

from html import escape
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from counterprompt.negative.dynamic import DynamicPrompt, compose_dynamic
from counterprompt.negative.dynamic_names import BEFORE
from counterprompt.negative.dynamic_words import describe
from counterprompt.negative.muteness import find_muteness
from counterprompt.negative.rules import RULES
from counterprompt.webui.dynamic_generation import choice_of
from counterprompt.webui.faults import describe_fault
from counterprompt.webui.guidance import guidance_of
from counterprompt.webui.language import host_words
from counterprompt.webui.recipes_here import recipes_here
from counterprompt.webui.served import checkpoint_name
from counterprompt.webui.tab.pieces import verbatim

if TYPE_CHECKING:
    from counterprompt.negative.dynamic import DynamicNegative


def preview(is_on: Any, recipe: Any, place: Any, terms: Any, prompt: Any, negative: Any, cfg_scale: Any) -> str:
    """Say as HTML what the next generation's negative prompt will be; every value comes from the browser."""
    if not is_on:
        return ""
    words = host_words()
    try:
        scale = float(cfg_scale)
        here = DynamicPrompt(str(prompt or ""), str(negative or ""), scale, checkpoint_name())
        composed = compose_dynamic(choice_of(recipe, place, terms), here, recipes_here())
        lines = [
            *(each.text for each in find_muteness(guidance_of(SimpleNamespace(cfg_scale=scale)))),
            *(line for line in describe(composed, words) if line != RULES["N-CFG-MUTE"]),  # said above, with a remedy
        ]
        shown = _negative(words("Negative prompt of the next picture"), composed, str(place), words("empty"))
    except Exception as error:
        lines, shown = [describe_fault(error)], ""
    said = "".join(f"<p>{escape(words(line))}</p>" for line in lines)
    return f'<div class="counterprompt-dynamic" role="status">{shown}{said}</div>'


def _negative(label: str, composed: DynamicNegative, place: str, empty: str) -> str:
    """Render the whole negative prompt, what was composed standing out from the user's own."""
    added = composed.added
    own = composed.text.removeprefix(added) if place == BEFORE else composed.text.removesuffix(added)
    parts = [f"<mark>{verbatim(added)}</mark>" if added else "", verbatim(own)]
    shown = "".join(parts if place == BEFORE else reversed(parts)) or f"<i>{escape(empty)}</i>"
    return f'<p class="cp-label">{escape(label)}</p><pre>{shown}</pre>'
