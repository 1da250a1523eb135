"""The language of the host's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterprompt.webui.tab.words import Words


def host_words() -> Words:
    """Return our sentences in the language that the host's page is set to; English where we have none of it."""
    from modules import shared

    from counterprompt.webui.tab.words import load_words

    return load_words(str(shared.opts.data.get("localization") or "en"))
