"""The CLIP byte-pair vocabulary, and token embeddings of which only the trained rows are shipped."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

VOCABULARY_SIZE: Final = 49_408
CONTEXT_LENGTH: Final = 77
_UNTRAINED_STD: Final = 0.02


def untrained_embeddings(width: int) -> npt.NDArray[np.float32]:
    """Make the rows that every word starts from, and that a word outside the miniature's captions keeps.

    Returns:
        Shape (49408, width), the same at every call.
    """
    import numpy as np

    rows = np.random.default_rng(1).standard_normal((VOCABULARY_SIZE, width)) * _UNTRAINED_STD
    return rows.astype(np.float16).astype(np.float32)


@lru_cache(maxsize=50_000)
def encode(text: str, *, padding: int) -> tuple[int, ...]:
    """Turn *text* into 77 ids of CLIP's byte-pair encoding, then *padding* (SD 1.x: 49407; CLIP: 0)."""
    import open_clip

    ids: list[int] = open_clip.tokenize([text], context_length=CONTEXT_LENGTH)[0].tolist()
    end = ids.index(VOCABULARY_SIZE - 1)
    return (*ids[: end + 1], *[padding] * (CONTEXT_LENGTH - end - 1))


def trained_rows(table: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float16]]:
    """Pick the rows of a token table that training moved.

    Args:
        table: shape (49408, width).

    Returns:
        Their token ids, shape (n,), and the rows, shape (n, width).
    """
    import numpy as np

    moved = np.abs(table - untrained_embeddings(table.shape[1])).max(axis=1) > 0
    ids = np.flatnonzero(moved).astype(np.int32)
    return ids, table[ids].astype(np.float16)


def full_table(ids: npt.NDArray[np.int32], rows: npt.NDArray[np.float16]) -> npt.NDArray[np.float32]:
    """Put *rows* back into the untrained table: the inverse of trained_rows, shape (49408, width)."""
    import numpy as np

    table = untrained_embeddings(rows.shape[1])
    table[ids] = rows.astype(np.float32)
    return table
