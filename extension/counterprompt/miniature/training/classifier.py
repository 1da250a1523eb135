"""Trains the two classifiers that name tags: the tagger, which the product uses, and the judge, which it never sees."""

from __future__ import annotations

from pathlib import Path

from counterprompt.miniature.classifier import new_classifier
from counterprompt.miniature.training.checkpointing import Ticker, keep, resume
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
    first = resume(folder / f"{name}.pt", optimizer, model=model)
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
            keep(folder / f"{name}.pt", step, optimizer, model=model)
