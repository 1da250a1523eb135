"""Pieces of HTML that several parts of the tab are made of; every text from outside is escaped here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from counterprompt.report.chips import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterprompt.webui.tab.words import Words

_WORD: Final = re.compile("[0-9A-Za-z]{2}")
LONGEST_TEXT: Final = 20_000
"""Characters of one text that are shown; the rest is cut, so that a picture cannot make the page unusable."""


def cut(text: str, limit: int = LONGEST_TEXT) -> str:
    """Return *text*, or its beginning and a sign that there was more."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def verbatim(text: str) -> str:
    """Escape a *text* that is not ours, such as a tag, so that it stays as it is in a host of another language.

    The host's script looks every piece of text on the page up in a table that holds "overexposed", too. A comment
    inside a word makes two pieces of it that stand in no table; what is seen, copied and read out is one.
    """
    inside = _WORD.search(text)
    if inside is None:
        return shown_text(text)
    place = inside.start() + 1
    return f"{shown_text(text[:place])}<!---->{shown_text(text[place:])}"


def say(words: Words, template: str) -> str:
    """Return a sentence of ours in the page's language, escaped."""
    return shown_text(words(template))


def render_note(text: str, kind: str = "info") -> str:
    """Render one sentence; *kind* is "info", "good", "warning" or "error", the latter read out at once."""
    role = "alert" if kind == "error" else "status"
    return f'<p class="cp-note cp-{kind}" role="{role}">{shown_text(cut(text))}</p>'


def render_notes(texts: Iterable[str], kind: str = "warning") -> str:
    """Render several sentences, none for none."""
    return "".join(render_note(text, kind) for text in texts)


def render_empty(text: str) -> str:
    """Render what stands where nothing is yet."""
    return f'<p class="cp-empty">{shown_text(text)}</p>'


def render_step(number: int, title: str, lead: str) -> str:
    """Render the heading of one of the four steps."""
    return (
        f'<header class="cp-step" id="counterprompt-step-{number}" tabindex="-1">'
        f'<span aria-hidden="true">{number}</span>'
        f"<div><h2>{shown_text(title)}</h2><p>{shown_text(lead)}</p></div></header>"
    )


def render_nav(titles: Iterable[str], words: Words) -> str:
    """Render a button for each step, which our script brings into sight, and a place where it tells what happens."""
    buttons = "".join(
        f'<button type="button" data-cp-step="{number}"><span aria-hidden="true">{number}</span> '
        f"{shown_text(title)}</button>"
        for number, title in enumerate(titles, 1)
    )
    told = '<p class="cp-unseen" role="status" id="counterprompt-told"></p>'
    return f'<nav class="cp-nav" aria-label="{say(words, "The four steps")}">{buttons}</nav>{told}'


def render_rows(rows: Iterable[tuple[str, str]], caption: str) -> str:
    """Render labels and texts, which are not ours, as a table of two columns; *caption* is for screen readers."""
    body = "".join(
        f'<tr><th scope="row">{shown_text(cut(label, 200))}</th><td>{verbatim(cut(text))}</td></tr>'
        for label, text in rows
    )
    named = f'<caption class="cp-unseen">{shown_text(caption)}</caption>'
    return f'<table class="cp-rows">{named}<tbody>{body}</tbody></table>'


def render_prompt(label: str, text: str, words: Words) -> str:
    """Render a prompt as it stands, with its label."""
    shown = verbatim(cut(text)) if text else f"<i>{say(words, 'empty')}</i>"
    return f'<div class="cp-prompt"><h4>{shown_text(label)}</h4><pre tabindex="0">{shown}</pre></div>'
