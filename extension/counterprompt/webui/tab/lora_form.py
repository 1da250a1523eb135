"""The LoRAs of the prompt, each with a range of its own or left as it is: shown as a form, and read back."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import InvalidInputError
from counterprompt.report.chips import shown_text
from counterprompt.search.own_loras import own_loras, weights_to_try
from counterprompt.search.space import own_lora_weights
from counterprompt.webui.tab.pieces import cut, render_empty, say, verbatim
from counterprompt.webui.tab.tune_values import LoraRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.webui.tab.words import Words

WIDEST_LORA: Final = (-2.0, 2.0)
"""Lowest and highest weight that may be asked for."""
MOST_LORAS: Final = 24
"""LoRAs that are shown; the rest keep the usual range."""
_LONGEST_FORM: Final = 20_000


def loras_of(prompt: str) -> tuple[LoraRow, ...]:
    """Return the LoRAs of *prompt* with the usual range, the prompt's own weight inside."""
    tags = [tag for tag in own_loras(prompt).values() if not tag.fault]
    ranges = [(tag, *weights_to_try(tag)) for tag in tags[:MOST_LORAS]]
    return tuple(LoraRow(tag.name, tag.weight, round(low, 4), round(high, 4)) for tag, low, high in ranges)


def key_of(rows: Sequence[LoraRow]) -> str:
    """Return what tells whether other LoRAs are to be shown."""
    return json.dumps([[row.name, row.own] for row in rows])


def render_loras(rows: Sequence[LoraRow], words: Words) -> str:
    """Render a line for each LoRA; our script gathers what is typed into them."""
    title = say(words, "LoRA weights")
    if not rows:
        return f"<h4>{title}</h4>{render_empty(words('The prompt names no LoRA.'))}"
    lines = "".join(_line(row, words) for row in rows)
    hint = say(words, "The prompt's own weight is always tried too; what is not varied stays as it is.")
    return (
        f'<fieldset class="cp-loras"><legend>{title}</legend><ul>{lines}</ul><p class="cp-hint">{hint}</p></fieldset>'
    )


def _line(row: LoraRow, words: Words) -> str:
    name = shown_text(cut(row.name, 80))
    own = shown_text(words("{weight} in the prompt", weight=f"{row.own:g}"))
    ends = "".join(
        f'<label><span>{say(words, label)}</span> <input type="number" data-cp-{end} min="{WIDEST_LORA[0]:g}" '
        f'max="{WIDEST_LORA[1]:g}" step="0.05" value="{value:g}" aria-label="{name}: {say(words, label)}"></label>'
        for end, label, value in (("low", "from", row.low), ("high", "to", row.high))
    )
    return (
        f'<li data-cp-lora="{shown_text(row.name)}"><span class="cp-lora-name"><b>{verbatim(cut(row.name, 80))}</b> '
        f"<small>{own}</small></span>"
        f'<label class="cp-check"><input type="checkbox" data-cp-varies checked '
        f'aria-label="{name}: {say(words, "vary")}"> <span>{say(words, "vary")}</span></label>{ends}</li>'
    )


def ranges_from(text: object, prompt: str) -> tuple[tuple[str, tuple[float, float]], ...]:
    """Read what our script gathered, and return a range for each LoRA of *prompt* that it names.

    One that is not varied has its own weight at both ends. LoRAs of another prompt are passed over.

    Raises:
        InvalidInputError: it is no such list, or a weight is out of range.
    """
    own = own_lora_weights(prompt)
    rows = [row for row in _rows_of(text) if row.get("name") in own]
    return tuple((row["name"], _range_of(row, own[row["name"]])) for row in rows[:MOST_LORAS])


def _rows_of(text: object) -> list[dict[str, Any]]:
    told = str(text or "")
    if not told.strip():
        return []
    try:
        rows = json.loads(told) if len(told) <= _LONGEST_FORM else None
    except ValueError:
        rows = None
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("name"), str) for row in rows
    ):
        raise InvalidInputError("The LoRA weights could not be read; read the picture again.")
    return rows


def _range_of(row: dict[str, Any], own: float) -> tuple[float, float]:
    if not row.get("varies"):
        return own, own
    low, high = (_weight(row["name"], row.get(end)) for end in ("low", "high"))
    if low > high:
        raise InvalidInputError(
            f"The weight of the LoRA {row['name'][:80]} runs from {low:g} to {high:g}; give the lower end first."
        )
    return low, high


def _weight(name: str, value: object) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not WIDEST_LORA[0] <= float(str(value)) <= WIDEST_LORA[1]:
        raise InvalidInputError(
            f"The weight of the LoRA {name[:80]} is {str(value)[:40]!r}; give a number from {WIDEST_LORA[0]:g} to "
            f"{WIDEST_LORA[1]:g}."
        )
    return float(str(value))
