"""Ranges as the command line spells them: LOW,HIGH for all, NAME=LOW,HIGH for one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.jobs.limits import CFG_SCALES, LORA_WEIGHTS
from counterprompt.search.own_loras import own_loras

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.workflow.baseline import TuneChoices

_Range = tuple[float, float]


def parse_cfg_range(text: str | None) -> _Range | None:
    """Parse "5,9" into the lowest and the highest CFG scale; None stays None.

    Raises:
        InvalidInputError: it is not two numbers of `jobs.limits.CFG_SCALES`, the lower one first.
    """
    return None if text is None else _parse_range("--cfg-range", text, text, CFG_SCALES)


def parse_lora_ranges(texts: Sequence[str] | None) -> tuple[_Range | None, tuple[tuple[str, _Range], ...]]:
    """Parse *texts*, each "LOW,HIGH" or "NAME=LOW,HIGH", into the range of all LoRAs and those of single ones.

    The last of a name counts, and the last without one. The first part is None where no text is without a name.

    Raises:
        InvalidInputError: one is not two numbers of `jobs.limits.LORA_WEIGHTS`, the lower one first.
    """
    of_all, own = None, {}
    for text in texts or ():
        name, equals, ends = text.rpartition("=")
        found = _parse_range("--lora-range", text, ends, LORA_WEIGHTS, or_else=", or NAME=LOW,HIGH for one LoRA")
        if not equals:
            of_all = found
        elif name.strip():
            own[name.strip()] = found
        else:
            raise InvalidInputError(f"--lora-range {text!r} names no LoRA; give NAME=LOW,HIGH, or LOW,HIGH for all.")
    return of_all, tuple(own.items())


def refuse_other_loras(choices: TuneChoices, prompt: str) -> None:
    """Refuse a range for a LoRA that is not in *prompt*: a misspelt name would change nothing without a word.

    Raises:
        InvalidInputError: *choices* hold one.
    """
    own = tuple(own_loras(prompt))
    for name, _ in choices.lora_ranges:
        if name not in own:
            advice = f"name one of {', '.join(own)}" if own else "it has none, so leave the range out"
            raise InvalidInputError(f"--lora-range names {name!r}, which is no LoRA of the prompt; {advice}.")


def _parse_range(option: str, whole: str, text: str, limits: _Range, or_else: str = "") -> _Range:
    try:
        low, high = (float(end) for end in text.split(","))
    except ValueError:
        low = high = math.nan
    if not all(limits[0] <= end <= limits[1] for end in (low, high)):
        raise InvalidInputError(
            f"{option} {whole!r} is no range; give LOW,HIGH{or_else}, both from {limits[0]:g} to {limits[1]:g}."
        )
    if low > high:
        raise InvalidInputError(f"{option} {whole!r} runs from {low:g} to {high:g}; give the lower end first.")
    return low, high
