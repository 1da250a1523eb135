"""The report page: one HTML file that needs nothing else, in light and dark, with everything from outside escaped."""

from __future__ import annotations

import base64
import hashlib
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from counterprompt.report.document import read_asset, render_document
from counterprompt.report.evidence import (
    render_defects,
    render_measured,
    render_pairs,
    render_proof,
    render_search,
)
from counterprompt.report.findings import render_effects, render_faults, render_guards, render_rules
from counterprompt.report.pictures import picture_tag
from counterprompt.report.story import render_fields, render_hero, render_reading

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.report.content import ReportContent

_MARK = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="1" y="1" width="22" height="22" rx="7" fill="var(--win)"/>'
    '<path d="M7 12h10" stroke="var(--paper)" stroke-width="3" stroke-linecap="round"/></svg>'
)
_SECTIONS = (
    render_pairs,
    render_fields,
    render_proof,
    render_defects,
    render_faults,
    render_effects,
    render_rules,
    render_guards,
    render_search,
    render_reading,
    render_measured,
)


def render_page(content: ReportContent, folder: Path) -> str:
    """Render *content* as a whole HTML document; its pictures are read from *folder*; unreadable ones are left out."""
    show = partial(picture_tag, folder)
    date = content.created[:16].replace("T", " ")
    body = render_hero(content, show) + "".join(render(content, show) for render in _SECTIONS)
    head = f"{content.generator}, {date} UTC"
    return wrap_page(content.verdict, body, head=head, foot=f"Study: {content.study}")


def wrap_page(title: str, body: str, *, head: str = "", foot: str = "") -> str:
    """Put *body* (HTML, escaped already) into a whole document with the report's style and a policy against scripts.

    *title*, *head* (right of the name, on top) and *foot* are plain text.
    """
    script = read_asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    whole = (
        f'<header class="top"><span class="mark">{_MARK}Counterprompt</span><span>{escape(head)}</span></header>\n'
        f"<main>{body}</main>\n<footer>{escape(foot)}</footer>\n<script>{script}</script>"
    )
    return render_document(title, whole, policy)
