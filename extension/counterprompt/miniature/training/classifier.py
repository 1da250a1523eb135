"""Trains the two classifiers that name tags: the tagger, which the product uses, and the judge, which it never sees."""

from __future__ import annotations

from pathlib import Path

from counterprompt.miniature.classifier import new_classifier
from counterprompt.miniature.training.checkpointing import Ticker, load_state, save_state
from counterprompt.miniature.training.views import load_views

_BATCH = 64
_PEAK_RATE = 2e-3


def train_classifier(
    folder: Path, *, name: str, widths: tuple[int, ...], pool_seed: int, steps: int, decode: bool
) -> None:
    """Train for *steps* steps of 64 pictures; resumes from and writes *folder*/NAME.pt."""
    import torch

    views = load_views(folder, count=8000, seed=pool_seed, decode=decode)
    torch.manual_seed(pool_seed)
    model = new_classifier(widths)
    optimizer = torch.optim.AdamW(model.parameters(), lr=_PEAK_RATE, weight_decay=0.02)
    state = load_state(folder / f"{name}.pt")
    first = 0
    if state is not None:
        first = state["step"]
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
    ticker = Ticker(name, first, steps)
    for step in ticker.steps():
        for group in optimizer.param_groups:
            group["lr"] = _PEAK_RATE * min((step + 1) / 100, max(0.01, 1 - step / steps))
        rows, pictures = views.batch(_BATCH)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(pictures), views.truth[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if ticker.tick(step, loss.item()):
            state = {"step": step + 1, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
            save_state(folder / f"{name}.pt", state)
