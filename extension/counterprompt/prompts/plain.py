"""A prompt without syntax, for models that read plain language."""

from __future__ import annotations

from counterprompt.prompts.comments import strip_comments
from counterprompt.prompts.composition import split_composition
from counterprompt.prompts.emphasis import BREAK, parse_emphasis
from counterprompt.prompts.extra_networks import strip_extra_networks
from counterprompt.prompts.schedules import distinct_stages


def plain_text(prompt: str) -> str:
    """Strip comments, extra networks, emphasis, escapes, BREAK, AND and the weights before it.

    Of a scheduled prompt the longest-acting stage is kept.

    Returns:
        One line, spaces collapsed, commas kept except empty ones; may be empty.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters or grows into too much text.
    """
    stage = distinct_stages(strip_extra_networks(strip_comments(prompt)), limit=1)[0]
    words = "".join("," if pair == BREAK else pair[0] for pair in parse_emphasis(stage))
    composed = split_composition(words)
    written = [part.text for part in composed] if len(composed) > 1 else [words]
    parts = (" ".join(part.split()) for text in written for part in text.split(","))
    return ", ".join(part for part in parts if part)
