"""Blocks that are rendered into the host's page and never served by themselves."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import gradio

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def unserved_blocks() -> Iterator[Any]:
    """Give Blocks to build a tab in, within the `with` block, with no web application and no description of their own.

    gradio makes both where any Blocks end, gradio 4 the former twice, which is most of what a tab costs; only the
    page that they are rendered into is ever asked, and describes what is theirs with its own. Asked for it
    afterwards, these Blocks describe themselves as all do.
    """
    with _no_application():
        blocks = gradio.Blocks(analytics_enabled=False)
        blocks.get_config_file = dict
        try:
            with blocks:
                yield blocks
        finally:
            del blocks.get_config_file


@contextmanager
def _no_application() -> Iterator[None]:
    """Let Blocks end without an application; where gradio has no such place, nothing is changed."""
    from gradio import routes

    application: Any = getattr(routes, "App", None)
    made = vars(application).get("create_app") if isinstance(application, type) else None
    if made is None:
        yield
        return
    application.create_app = staticmethod(lambda *args, **options: None)
    try:
        yield
    finally:
        application.create_app = made
