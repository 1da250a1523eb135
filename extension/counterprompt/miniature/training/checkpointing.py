"""Keeping long training safe: a state file written whole or not at all, a progress line with an ETA."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.whole_files import replacing

if TYPE_CHECKING:
    import torch

_SAVE_EVERY_SECONDS: Final = 60.0
_PRINT_EVERY_SECONDS: Final = 10.0


def save_state(path: Path, state: dict[str, Any]) -> None:
    """Write *state* to *path* with torch, so that a crash leaves the old file in place."""
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as aside:
        torch.save(state, aside)


def load_state(path: Path) -> dict[str, Any] | None:
    """Read what save_state wrote, or return None where there is nothing yet."""
    import torch

    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, weights_only=True)
    return state


def resume(path: Path, optimizer: torch.optim.Optimizer, **models: torch.nn.Module) -> int:
    """Give *models* and *optimizer* back what `keep` wrote to *path* for them, by name.

    Returns:
        The first step still to do; 0 where there is nothing yet.
    """
    state = load_state(path)
    if state is None:
        return 0
    for name, model in models.items():
        model.load_state_dict(state[name])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def keep(path: Path, step: int, optimizer: torch.optim.Optimizer, **models: torch.nn.Module) -> None:
    """Write to *path* that *step* is done, and what *models* and *optimizer* have learned."""
    weights = {name: model.state_dict() for name, model in models.items()}
    save_state(path, {"step": step + 1, **weights, "optimizer": optimizer.state_dict()})


class Ticker:
    """Counts steps up to *total*, prints a line with the remaining minutes, and says when it is time to save."""

    def __init__(self, name: str, first: int, total: int) -> None:
        self._name, self._first, self._total = name, first, total
        self._began = self._saved = self._printed = time.monotonic()
        self._loss = 0.0

    def steps(self) -> Iterator[int]:
        """Yield the numbers of the steps still to do, 0-based."""
        yield from range(self._first, self._total)

    def tick(self, step: int, loss: float) -> bool:
        """Note that *step* is done with *loss*; return whether the state should be saved now."""
        self._loss = loss if step == self._first else 0.98 * self._loss + 0.02 * loss
        now = time.monotonic()
        last = step + 1 == self._total
        if now - self._printed > _PRINT_EVERY_SECONDS or last:
            self._printed = now
            remaining = (now - self._began) / (step + 1 - self._first) * (self._total - step - 1) / 60
            line = f"{self._name}: {step + 1}/{self._total} loss {self._loss:.4f}, {remaining:.1f} min left\n"
            sys.stderr.write(line)
            sys.stderr.flush()
        if last or now - self._saved > _SAVE_EVERY_SECONDS:
            self._saved = now
            return True
        return False
