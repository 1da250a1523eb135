"""The files that made the picture, and what is here of them, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counterprompt.report.chips import shown_text
from counterprompt.report.resource_answers import resources_answer
from counterprompt.webui.tab.pieces import cut, render_empty, say, verbatim

if TYPE_CHECKING:
    from counterprompt.advice.resources import Resources
    from counterprompt.webui.tab.words import Words

_KINDS: Final = {
    "missing": "bad",
    "other file": "bad",
    "unknown": "unsure",
    "under another name": "good",
    "present": "good",
}
"""State of a file to how it is coloured, what needs attention first."""


def render_resources(resources: Resources | None, words: Words) -> str:
    """Render each file that the picture names with its state here, what is missing first."""
    rows = resources_answer(resources) if resources else []
    if not rows:
        return render_empty(words("The picture names no model files, or nobody looked which are here."))
    rows.sort(key=lambda row: list(_KINDS).index(row["state"]))
    body = "".join(_row(row, words) for row in rows)
    heads = "".join(f'<th scope="col">{say(words, each)}</th>' for each in ("File", "Here", "Notes"))
    caption = say(words, "Model files")
    return (
        f'<table class="cp-files"><caption class="cp-unseen">{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(row: dict[str, Any], words: Words) -> str:
    name = cut(row["name"] or words("without a name"), 200)
    digits = f" <code>{shown_text(row['hash'][:12])}</code>" if row["hash"] else ""
    state = row["state"]
    return (
        f'<tr><th scope="row"><small>{say(words, row["kind"])}</small> {verbatim(name)}{digits}</th>'
        f'<td><b class="cp-state cp-{_KINDS[state]}">{say(words, state)}</b></td>'
        f"<td>{shown_text(cut(_notes(row, words), 600))}</td></tr>"
    )


def _notes(row: dict[str, Any], words: Words) -> str:
    parts = []
    if row["file"] and row["file"] != row["name"]:
        parts.append(words("here it is called {name}", name=row["file"]))
    if row["hash"] is None:
        parts.append(words("the picture gives no hash"))
    if row["trained_on"]:
        parts.append(words("trained on {tags}", tags=", ".join(row["trained_on"])))
    if row["nearest"]:
        near = row["nearest"]
        parts.append(words("nearest here: {name} ({score})", name=near["name"], score=f"{near['score']:.0%}"))
    return "; ".join(parts)
