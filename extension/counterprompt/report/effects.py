"""What each piece of the search adds, in words that need no knowledge of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.report.content import EffectRow

if TYPE_CHECKING:
    from counterprompt.search.outcome import Outcome

NORMAL_95: Final = 1.96
"""Half the width of a 95 % interval, in standard errors."""

_KINDS: Final = {
    "layer": "the {} words as a whole",
    "term": "“{}”",
    "lora": "LoRA {}, weight turned up",
    "emphasis": "more emphasis on the {} words",
}


def effect_rows(outcome: Outcome) -> tuple[EffectRow, ...]:
    """Word each effect of *outcome* with its 95 % interval, in its order."""
    rows = []
    for piece in outcome.importance:
        margin = NORMAL_95 * piece.standard_error
        name = _words(piece.name, outcome, is_used=piece.is_used)
        rows.append(EffectRow(name, piece.effect, (piece.effect - margin, piece.effect + margin), piece.is_used))
    return tuple(rows)


def _words(name: str, outcome: Outcome, *, is_used: bool) -> str:
    kind, _, what = name.partition(":")
    if name == "own":
        return "your own negative prompt"
    changed = _changed(kind, what, outcome) if is_used else ""
    if changed:
        return changed
    return "CFG scale, turned up" if name == "cfg_scale" else _KINDS.get(kind, "{1}: {0}").format(what, kind)


def _changed(kind: str, what: str, outcome: Outcome) -> str:
    """Say from what to what the best candidate changes a value; "" where it does not."""
    before, after = outcome.baseline, outcome.challenger
    if after is None:
        return ""
    if kind == "cfg_scale" and after.cfg_scale != before.cfg_scale:
        return f"CFG scale {after.cfg_scale:g} instead of {before.cfg_scale:g}"
    weights = dict(before.loras).get(what), dict(after.loras).get(what)
    if kind == "lora" and None not in weights and weights[0] != weights[1]:
        return f"LoRA {what} at {weights[1]:g} instead of {weights[0]:g}"
    return ""
