"""Whether two prompts are about much the same, by the words that they share."""

from __future__ import annotations

from counterprompt.prompts.common_words import telling_words
from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.terms import split_terms

_BACKGROUND = "background"


def words_of(prompt: str) -> frozenset[str]:
    """Return the words of *prompt* that tell what it shows: no LoRA tags, nothing negated, no praise, no colours.

    What a background is of is left out, too: a house before a sky is a house.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    return frozenset().union(*(_words_of_term(term.text) for term in split_terms(prompt) if term.emphasis > 0))


def _words_of_term(text: str) -> frozenset[str]:
    words = fold_words(text)
    shown = (word for word, following in zip(words, (*words[1:], "")) if following != _BACKGROUND)
    return telling_words(" ".join(shown))


def kindred_words(there: frozenset[str], here: frozenset[str]) -> tuple[str, ...]:
    """Return the words that both hold, sorted, where those are more than half of the shorter one's; none otherwise."""
    shared = there & here
    return tuple(sorted(shared)) if 2 * len(shared) > min(len(there), len(here)) else ()
