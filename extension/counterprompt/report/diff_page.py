"""The prompt diff as a page of its own: one HTML file without scripts that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.report.chips import chips_of, render_chips, shown_text
from counterprompt.report.document import render_document
from counterprompt.whole_files import naming_the_remedy, replace_text

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.tags.classes import PromptDiff

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render_diff_page(diff: PromptDiff, *, title: str, prompts: tuple[str, str] = ("", "")) -> str:
    """Render *diff* as a whole HTML document.

    Args:
        diff: asked, negated and seen.
        title: what the page is about, such as the picture's file name.
        prompts: the embedded prompt and negative prompt, shown as they stand; "" where there is none.
    """
    agreement = diff.agreement
    summary = "" if agreement is None else f"{agreement:.0%} of what was asked for and can be seen shows. "
    texts = "".join(map(_text, ("Prompt", "Negative prompt"), prompts))
    body = (
        f"<main><section><h2>{shown_text(title)}</h2>"
        f'<p class="note">{summary}What was asked for, against what is seen.</p>'
        f"{render_chips(chips_of(diff))}{texts}</section></main>"
    )
    return render_document(title, body, _POLICY)


def write_diff_page(page: str, path: Path) -> None:
    """Write *page* to *path*; an older file there stays whole until the new one is.

    Raises:
        InvalidInputError: it cannot be written.
    """
    with naming_the_remedy(path, "name another file with --html"):
        replace_text(path, page, errors="replace")


def _text(label: str, text: str) -> str:
    return f"<details><summary>{label}</summary><pre>{shown_text(text)}</pre></details>" if text else ""
