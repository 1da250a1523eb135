"""States of training, kept and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

torch = pytest.importorskip("torch")

from counterprompt.miniature.training.checkpointing import keep, resume  # noqa: E402 - torch may be missing

if TYPE_CHECKING:
    from pathlib import Path


def test_training_goes_on_where_it_was(tmp_path: Path) -> None:
    """Without a state it begins at step 0; with one, model and optimizer are as they were and the next step follows."""
    trained, fresh = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    before, after = (torch.optim.AdamW(model.parameters(), lr=rate) for model, rate in ((trained, 0.5), (fresh, 0.1)))
    path = tmp_path / "state.pt"

    assert 0 == resume(path, after, model=fresh)

    keep(path, 6, before, model=trained)

    assert 7 == resume(path, after, model=fresh)
    assert torch.equal(trained.weight, fresh.weight)
    assert 0.5 == after.param_groups[0]["lr"]
