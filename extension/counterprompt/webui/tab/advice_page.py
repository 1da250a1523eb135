"""Which prompt to use, and why, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.advice.choice import Choice
from counterprompt.errors import InvalidInputError
from counterprompt.report.chips import shown_text
from counterprompt.webui.tab.pieces import cut, render_prompt, say

if TYPE_CHECKING:
    from counterprompt.advice.advise import Advice, Reason
    from counterprompt.webui.tab.words import Words

HEADLINES: Final = {
    Choice.EMBEDDED: "Use the embedded prompt.",
    Choice.REVERSE: "Use the reverse tags.",
    Choice.MERGE: "Merge the embedded prompt with the tags.",
}
TITLES: Final = {
    Choice.EMBEDDED: "Embedded prompt",
    Choice.REVERSE: "Reverse tags",
    Choice.MERGE: "Merged prompt",
}
ORDERS: Final = {
    Choice.EMBEDDED: "Send embedded prompt to txt2img",
    Choice.REVERSE: "Send reverse tags to txt2img",
    Choice.MERGE: "Send merged prompt to txt2img",
}


def render_advice(advice: Advice, words: Words) -> str:
    """Render the choice, how sure it is, its reasons by side, and the three prompts."""
    sure = words("{share} sure", share=f"{advice.confidence:.0%}")
    compare = (
        f'<p class="cp-hint">{say(words, "This is close: compare the prompts on your own model below.")}</p>'
        if advice.should_compare
        else ""
    )
    reasons = "".join(_reason(reason, words) for reason in advice.reasons)
    rests = "".join(f"<li>{say(words, each)}</li>" for each in advice.rests_on)
    summary = f"<summary>{say(words, 'What this rests on')}</summary>"
    basis = f'<details class="cp-basis">{summary}<ul>{rests}</ul></details>'
    return (
        f'<div class="cp-advice"><p class="cp-headline"><strong>{say(words, HEADLINES[advice.choice])}</strong> '
        f'<span class="cp-badge">{shown_text(sure)}</span></p>{compare}'
        f'<ul class="cp-reasons">{reasons}</ul>{basis if rests else ""}{_wordings(advice, words)}</div>'
    )


def choice_of(name: object) -> Choice:
    """Return the choice that a button of ours named.

    Raises:
        InvalidInputError: there is none of that name.
    """
    try:
        return Choice(name)
    except ValueError as error:
        raise InvalidInputError("The prompt to send is not known; click its button again.") from error


def _reason(reason: Reason, words: Words) -> str:
    side, sign = _side_of(reason.weight)
    said = {"embedded": "for the embedded prompt", "reverse": "for the tags", "neither": "to know"}[side]
    return (
        f'<li class="cp-for-{side}"><span aria-hidden="true">{sign}</span>'
        f"<span>{shown_text(cut(words(reason.text), 600))}"
        f'<small>{say(words, said)}</small></span><code title="{say(words, "rule")}">'
        f"{shown_text(reason.rule_id)}</code></li>"
    )


def _side_of(weight: float) -> tuple[str, str]:
    if weight > 0:
        return "embedded", "◀"
    return ("reverse", "▶") if weight < 0 else ("neither", "•")


def _wordings(advice: Advice, words: Words) -> str:
    cards = "".join(
        f'<section class="cp-card{" cp-chosen" if choice is advice.choice else ""}" aria-label="{say(words, title)}">'
        f"<h3>{say(words, title)}{_advised(choice is advice.choice, words)}</h3>"
        f"{render_prompt(words('Prompt'), advice.wordings[choice][0], words)}"
        f"{render_prompt(words('Negative prompt'), advice.wordings[choice][1], words)}{_order(choice, words)}</section>"
        for choice, title in TITLES.items()
        if choice in advice.wordings
    )
    return f'<div class="cp-cards">{cards}</div>'


def _order(choice: Choice, words: Words) -> str:
    """Render the button that our script passes on."""
    return (
        f'<button type="button" class="cp-plain" id="counterprompt_send_{choice.value}" '
        f'data-cp-send="{choice.value}">{say(words, ORDERS[choice])}</button>'
    )


def _advised(is_chosen: bool, words: Words) -> str:
    return f' <span class="cp-badge">{say(words, "advised")}</span>' if is_chosen else ""
