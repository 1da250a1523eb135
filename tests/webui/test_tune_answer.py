"""Tests for what Generate gives back after a study."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from counterprompt.webui.tune_answer import paired


def _answer(name: str, grid: int = 0) -> Any:
    images = [f"{name} grid"] * grid + [f"{name} 1", f"{name} 2"]
    return SimpleNamespace(
        images=images,
        infotexts=list(images),
        all_prompts=[name] * 2,
        all_negative_prompts=[name] * 2,
        all_seeds=[1, 2],
        all_subseeds=[0, 0],
        index_of_first_image=grid,
    )


def test_pictures_come_in_pairs() -> None:
    """The winner's picture stands before the user's own of the same seed, without grids, infotexts likewise."""
    answer = paired(_answer("winner", grid=1), _answer("own"), 2)

    assert ["winner 1", "own 1", "winner 2", "own 2"] == answer.images == answer.infotexts
    assert ([1, 1, 2, 2], 0) == (answer.all_seeds, answer.index_of_first_image)
