"""The prompt diff as a page of its own: one HTML file without scripts that needs nothing else."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.report.chips import chips_of, render_chips, shown_text

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
    style = files("counterprompt.report").joinpath("page.css").read_text(encoding="utf-8")
    agreement = diff.agreement
    summary = "" if agreement is None else f"{agreement:.0%} of what was asked for and can be seen shows. "
    texts = "".join(map(_text, ("Prompt", "Negative prompt"), prompts))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" '
        f'content="light dark"><title>Counterprompt: {shown_text(title)}</title><style>{style}</style></head>\n'
        f"<body><main><section><h2>{shown_text(title)}</h2>"
        f'<p class="note">{summary}What was asked for, against what is seen.</p>'
        f"{render_chips(chips_of(diff))}{texts}</section></main></body></html>\n"
    )


def write_diff_page(page: str, path: Path) -> None:
    """Write *page* to *path*; an older file there stays whole until the new one is.

    Raises:
        InvalidInputError: it cannot be written.
    """
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_text(page, encoding="utf-8", errors="replace")
        partial.replace(path)
    except OSError as error:
        raise InvalidInputError(
            f"{path} cannot be written ({error.strerror}); name another file with --html."
        ) from error


def _text(label: str, text: str) -> str:
    return f"<details><summary>{label}</summary><pre>{shown_text(text)}</pre></details>" if text else ""
