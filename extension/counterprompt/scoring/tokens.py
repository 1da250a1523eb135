"""Cuts texts into the runs of tokens that a CLIP takes at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def token_chunks(text: str, limit: int) -> list[list[int]]:
    """Cut *text* into runs of 1 to *limit* CLIP tokens, at commas where a term fits; an empty text is one empty run."""
    whole: list[int] = _bpe().encode(text)
    if len(whole) <= limit:
        return [whole]
    terms = [term for term in text.split(",") if term.strip()]
    chunks: list[list[int]] = []
    for tokens in (_bpe().encode(f"{term},") for term in terms):
        pieces = [tokens[start : start + limit] for start in range(0, len(tokens), limit)]
        if chunks and len(chunks[-1]) + len(pieces[0]) <= limit:
            chunks[-1].extend(pieces.pop(0))
        chunks.extend(pieces)
    return chunks


def token_row(tokens: Sequence[int], context_length: int) -> list[int]:
    """Put start and end token around *tokens* and fill up with 0, as open_clip does."""
    start, end = _bpe().encoder["<start_of_text>"], _bpe().encoder["<end_of_text>"]
    row = [start, *tokens, end]
    return row + [0] * (context_length - len(row))


@lru_cache(maxsize=1)
def _bpe() -> Any:
    import open_clip.tokenizer

    return open_clip.tokenizer.SimpleTokenizer()
