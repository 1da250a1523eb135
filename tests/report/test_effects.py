"""Effects in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from counterprompt.report.effects import effect_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.search.outcome import Outcome

    Ended = Callable[..., Outcome]


class Piece(NamedTuple):
    """What the search says of one piece."""

    name: str
    effect: float
    standard_error: float
    is_used: bool = True


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        (Piece("term:blurry", 1.0, 0.5), "“blurry”"),
        (Piece("own", 1.0, 0.5), "your own negative prompt"),
        (Piece("cfg_scale", 1.0, 0.5), "CFG scale 8.5 instead of 7"),
        (Piece("cfg_scale", 1.0, 0.5, is_used=False), "CFG scale, turned up"),
        (Piece("lora:x", 1.0, 0.5), "LoRA x at 0.7 instead of 0.95"),
        (Piece("lora:x", 1.0, 0.5, is_used=False), "LoRA x, weight turned up"),
        (Piece("emphasis:base", 1.0, 0.5), "more emphasis on the base words"),
        (Piece("layer:base", 1.0, 0.5), "the base words as a whole"),
    ],
)
def test_each_piece_is_told_in_words(ended: Ended, piece: Piece, words: str) -> None:
    """What was changed is told with both values, and the interval is 1.96 standard errors wide on either side."""
    (row,) = effect_rows(ended("blurry", 8.5, 0.7, piece))

    assert words == row.name
    assert (1.0 - 0.98, 1.0 + 0.98) == pytest.approx(row.ci95)
    assert piece.is_used == row.is_used
    assert row.is_certain
