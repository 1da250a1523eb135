"""The auditor's look at the proof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from counterprompt.report.auditing import audit_pairs
from counterprompt.search.objective import ComponentDeltas
from counterprompt.search.outcome import NOT_VERIFIED
from counterprompt.search.verification import SeedPair

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counterprompt.search.verification import HeldOut

NOTHING = ComponentDeltas(0, 0, 0, 0, 0)


class _Reddest:
    """Likes red."""

    name = "red"
    defects = None

    def rate(self, images: Sequence[Image.Image], prompt: str) -> list[float]:
        return [float(image.getpixel((0, 0))[0]) for image in images]


@pytest.fixture
def held_out(tmp_path: Path) -> HeldOut:
    """Twenty pairs, more than fit into one batch: the challenger is redder by 20 or 30 on each seed."""
    pairs = []
    for seed in range(20):
        for name, red in (("own", 100 + 10 * (seed % 4)), ("new", 125 + 10 * (seed % 4) + 5 * (-1) ** seed)):
            Image.new("RGB", (4, 4), (red, 0, 0)).save(tmp_path / f"{name}{seed}.png")
        pairs.append(SeedPair(seed, NOTHING, f"own{seed}.png", f"new{seed}.png"))
    return replace(NOT_VERIFIED, pairs=tuple(pairs))


def test_pairs_are_compared_seed_by_seed(held_out: HeldOut, tmp_path: Path) -> None:
    """The gain is the paired difference, 25 on average, in the spread of the user's own pictures, 11.5."""
    found = audit_pairs(held_out, tmp_path, _Reddest(), "a house")

    assert found is not None
    assert (20, 115.0, 140.0, 1.0) == (found.pairs, found.baseline, found.winner, found.win_rate)
    assert pytest.approx(25 / 11.47, abs=0.01) == found.gain
    assert "better" == found.word
    assert found.ci95[0] < found.gain < found.ci95[1]


def test_without_pairs_or_auditor_nothing_is_said(held_out: HeldOut, tmp_path: Path) -> None:
    """One pair gives no interval."""
    assert audit_pairs(replace(held_out, pairs=held_out.pairs[:1]), tmp_path, _Reddest(), "") is None
    assert audit_pairs(held_out, tmp_path, None, "") is None
