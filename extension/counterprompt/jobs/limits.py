"""How far the numbers of a study may go. The one table that the command line, job files and REST share."""

from __future__ import annotations

from typing import Final

CFG_SCALES: Final = (1.0, 30.0)
"""Lowest and highest end of a range of CFG scales."""

LORA_WEIGHTS: Final = (-2.0, 2.0)
"""Lowest and highest end of a range of LoRA weights."""
