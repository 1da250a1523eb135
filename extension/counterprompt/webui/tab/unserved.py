"""Blocks that are rendered into the host's page and never served by themselves."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def no_server_of_their_own() -> Iterator[None]:
    """Let Blocks be built without a web application of their own, within the `with` block.

    gradio makes one for every Blocks, gradio 4 two, which is most of what a tab costs; only the page's own is ever
    asked. Where gradio has no such place, nothing is changed.
    """
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
