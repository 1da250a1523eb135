"""The small convolutional classifier that both the tagger and the judge are, of different widths and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counterprompt.miniature.labels import TAGS

if TYPE_CHECKING:
    import torch

TAGGER_WIDTHS: Final = (32, 48, 64, 96)
JUDGE_WIDTHS: Final = (24, 48, 96, 128)


def new_classifier(widths: tuple[int, ...]) -> Any:
    """Make an untrained classifier: RGB of -1 to 1, shape (n, 3, 64, 64), to logits of shape (n, len(TAGS))."""
    import torch

    layers: list[torch.nn.Module] = []
    channels = 3
    for width in widths:
        layers += [
            torch.nn.Conv2d(channels, width, 3, stride=2, padding=1, bias=False),
            torch.nn.BatchNorm2d(width),
            torch.nn.ReLU(),
        ]
        channels = width
    cells = (64 >> len(widths)) ** 2
    head = [torch.nn.Flatten(), torch.nn.Dropout(0.1), torch.nn.Linear(channels * cells, len(TAGS))]
    return torch.nn.Sequential(*layers, *head)
