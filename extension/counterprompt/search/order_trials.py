"""How an order and its result are read from the attributes of the trial that stands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.search.orders import Order, order_from_json, picture_from_text, scores_from_json
from counterprompt.search.source import Measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from optuna.trial import FrozenTrial

ORDER, RESULT, FAULT, BEAT, PNG = "order", "result", "fault", "beat", "png"
"""Names of the attributes."""


def order_of(trial: FrozenTrial) -> Order:
    """Read the order that *trial* stands for."""
    return order_from_json(trial.user_attrs[ORDER])


def beat_of(trial: FrozenTrial) -> int:
    """Read how often the worker of *trial* has said that it is still there."""
    return int(trial.user_attrs.get(BEAT, 0))


def fault_of(trial: FrozenTrial) -> str:
    """Read why *trial* failed; "" where nobody said."""
    return str(trial.user_attrs.get(FAULT, ""))


def result_of(trial: FrozenTrial, open_trial: Callable[[int], FrozenTrial]) -> Measured | None:
    """Read what a finished *trial* measured, or None where it is damaged.

    *open_trial* finds the trial that holds a picture by its number.
    """
    try:
        order = order_of(trial)
        result = trial.user_attrs[RESULT]
        scores = tuple(map(scores_from_json, result["scores"]))
        numbers = result["pictures"] if order.keep else ()
        images = tuple(picture_from_text(open_trial(number).user_attrs[PNG]) for number in numbers)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if len(scores) != len(order.seeds) or len(images) not in (0, len(scores)):
        return None
    return Measured(order.requests, scores, images)
