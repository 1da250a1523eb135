"""LoRA files in kohya's format: finding them by name and reading their low-rank factors."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.errors import GeneratorError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

PARTS = {"lora_down.weight", "lora_up.weight", "alpha"}


@dataclass(frozen=True)
class LowRankDelta:
    """What a LoRA adds to one weight: up @ down * alpha / rank."""

    down: Tensor
    """(rank, in) or (rank, in, height, width)."""
    up: Tensor
    """(out, rank) or (out, rank, 1, 1)."""
    alpha: float
    """The rank divides it; equal to the rank where the file names none."""

    def fits(self, weight: Tensor) -> bool:
        """Whether the delta has as many outputs and inputs as *weight*."""
        return bool(self.up.shape[0] == weight.shape[0] and math.prod(self.down.shape[1:]) == weight[0].numel())

    def scaled(self, lora_weight: float, weight: Tensor) -> Tensor:
        """Compute the float32 delta for *lora_weight*, shaped and placed like *weight*."""
        up, down = (part.to(weight.device).flatten(1) for part in (self.up, self.down))
        return ((up @ down) * (lora_weight * self.alpha / self.down.shape[0])).reshape(weight.shape)


class LoraFolder:
    """The LoRA files below one folder; a file's name without its ending is the LoRA's name."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._paths: dict[str, Path] = {}

    def names(self) -> frozenset[str]:
        """Name every LoRA, after looking into the folder again."""
        found = sorted(self._folder.rglob("*.safetensors")) if self._folder else []
        self._paths = {path.stem: path for path in reversed(found)}
        return frozenset(self._paths)

    def path_of(self, name: str) -> Path:
        """Find a LoRA's file by its name or by the name it was trained under (`ss_output_name`).

        Raises:
            GeneratorError: there is none.
        """
        path = self._paths.get(name)
        if path is None or not path.is_file():
            names = self.names()
            path = self._paths.get(name) or self._aliased(name)
        if path is None:
            where = f'in "{self._folder}"' if self._folder else "for no LoRA folder was given"
            known = ", ".join(sorted(names)[:20]) or "none"
            raise GeneratorError(f'The LoRA "{name}" is not {where}; these are: {known}.')
        return path

    def _aliased(self, name: str) -> Path | None:
        from safetensors import SafetensorError, safe_open

        for path in self._paths.values():
            try:
                with safe_open(str(path), framework="pt") as file:
                    if (file.metadata() or {}).get("ss_output_name") == name:
                        return path
            except (SafetensorError, OSError):
                continue
        return None


def read_lora(path: Path) -> dict[str, LowRankDelta]:
    """Read a LoRA file: kohya's module name ("lora_unet_...") -> delta, in float32.

    Raises:
        GeneratorError: it is broken or holds anything but plain low-rank factors.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        state = load_file(str(path))
    except (SafetensorError, OSError, ValueError) as error:
        raise GeneratorError(f'The LoRA file "{path}" cannot be read ({error}); replace it.') from error
    modules: dict[str, dict[str, Tensor]] = defaultdict(dict)
    for key, value in state.items():
        module, _, part = key.partition(".")
        modules[module][part] = value
    return {module: _delta(path, module, parts) for module, parts in modules.items()}


def _delta(path: Path, module: str, parts: Mapping[str, Tensor]) -> LowRankDelta:
    if not module.startswith("lora_") or not set(parts) <= PARTS or len(set(parts) - {"alpha"}) != 2:
        odd = next(iter(sorted(set(parts) - PARTS)), "a missing half")
        raise GeneratorError(
            f'The LoRA file "{path.name}" is no plain kohya LoRA ("{module[:100]}" has {odd[:60]}); use another.'
        )
    down, up, alpha = parts["lora_down.weight"].float(), parts["lora_up.weight"].float(), parts.get("alpha")
    rank = up.flatten(1).shape[1] if min(down.ndim, up.ndim) > 1 else 0
    if not rank or rank != down.shape[0]:
        raise GeneratorError(f'The LoRA file "{path.name}" has halves of unequal rank at "{module[:100]}"; replace it.')
    if alpha is not None and not (alpha.numel() == 1 and math.isfinite(alpha)):
        raise GeneratorError(
            f'The LoRA file "{path.name}" has an alpha at "{module[:100]}" that is no number; replace it.'
        )
    return LowRankDelta(down, up, float(rank if alpha is None else alpha))
