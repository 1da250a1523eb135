"""The shell of every page: one HTML document that needs nothing else, in light and dark."""

from __future__ import annotations

from importlib.resources import files

from counterprompt.report.chips import shown_text


def render_document(title: str, body: str, policy: str) -> str:
    """Put *body* (HTML, escaped already) into a whole document with the report's style.

    *title* is plain text, *policy* the content security policy, which must allow inline styles.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>Counterprompt: {shown_text(title)}</title>'
        f"<style>{read_asset('page.css')}</style></head>\n<body>{body}</body></html>\n"
    )


def read_asset(name: str) -> str:
    """Read a file that is installed beside this module, such as "page.css"."""
    return files("counterprompt.report").joinpath(name).read_text(encoding="utf-8")
