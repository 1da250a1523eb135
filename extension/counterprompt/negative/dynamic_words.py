"""The dynamic negative prompt in words, for whoever wants to see beforehand what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.negative.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.negative.dynamic import DynamicNegative


def describe(composed: DynamicNegative, say: Callable[[str], str] = str) -> tuple[str, ...]:
    """Say by what it was composed and what was left out, one plain line each; the text itself is shown, not told.

    The lines are English, but for the reasons why a recipe was chosen, of which each goes through *say*: as parts of
    one line they could not be translated any more.
    """
    lines = [f"By the recipe “{composed.recipe}”." if composed.recipe else f"By {composed.source}."]
    lines += [f"It suits best: {'; '.join(map(say, composed.merits))}."] if composed.merits else []
    lines += [composed.remark] if composed.remark else []
    lines += [RULES[note] for note in composed.notes if note not in ("N-CFG-NORMAL", "N-LORA-NORMAL")]
    by_rule: dict[str, list[str]] = {}
    for each in composed.dropped:
        by_rule.setdefault(each.rule_id, []).append(each.term)
    lines += [f"Left out: {', '.join(dict.fromkeys(terms))}. {_why(rule)}" for rule, terms in by_rule.items()]
    return tuple(lines)


def _why(rule_id: str) -> str:
    return "It stands there already." if rule_id == "N-REPEAT" else RULES[rule_id]
