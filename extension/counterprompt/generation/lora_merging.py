"""Merges LoRAs into a checkpoint's weights and takes them out again."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterprompt.errors import GeneratorError, InvalidInputError
from counterprompt.generation.geometry import unet_geometry_of
from counterprompt.generation.lora_file import LoraFolder, LowRankDelta, read_lora
from counterprompt.generation.sd_modules import renamed_key, unet_modules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from torch import Tensor

    from counterprompt.generation.checkpoint import Checkpoint

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoraUse:
    """One LoRA as a prompt asks for it."""

    name: str
    """As in `<lora:name:0.7>`."""
    te_weight: float
    """What its text-encoder part is multiplied by."""
    unet_weight: float
    """What its UNet part is multiplied by."""

    def weight_for(self, module: str) -> float:
        """Return the multiplier of kohya's *module*."""
        return self.te_weight if module.startswith("lora_te") else self.unet_weight


class LoraMerger:
    """Keeps a checkpoint's weights equal to their originals plus the LoRAs now in use."""

    def __init__(self, checkpoint: Checkpoint, folder: LoraFolder) -> None:
        self._folder = folder
        self._modules = dict(_kohya_modules(checkpoint))
        # a UNet module goes by two names; the first one stands for it
        first_names = {id(module): name for name, module in reversed(self._modules.items())}
        self._canonical = {name: first_names[id(module)] for name, module in self._modules.items()}
        self._originals: dict[str, Tensor] = {}
        self._loaded: dict[Path, dict[str, LowRankDelta]] = {}
        self._applied: tuple[LoraUse, ...] = ()

    def require(self, uses: Sequence[LoraUse]) -> None:
        """Load the files of *uses* and check that they fit, changing no weight.

        Raises:
            GeneratorError: a LoRA is missing, broken or made for another kind of checkpoint.
        """
        for use in uses:
            self._deltas(use.name)

    def apply(self, uses: tuple[LoraUse, ...]) -> None:
        """Make *uses* the LoRAs in use; nothing is computed where they are already.

        Raises:
            GeneratorError: as `require`; the weights stay as they were.
        """
        if uses == self._applied:
            return
        wanted: dict[str, list[tuple[LowRankDelta, float]]] = defaultdict(list)
        for use in uses:
            for module, delta in self._deltas(use.name).items():
                wanted[module].append((delta, use.weight_for(module)))
        for module in set(self._originals) | set(wanted):
            self._set_weight(module, wanted.get(module, []))
        self._applied = uses

    def _set_weight(self, module: str, deltas: list[tuple[LowRankDelta, float]]) -> None:
        weight = self._modules[module].weight.data
        original = self._originals.setdefault(module, weight.clone())
        if not deltas:
            weight.copy_(original)
            del self._originals[module]
            return
        merged = original.float()
        for delta, lora_weight in deltas:
            merged = merged + delta.scaled(lora_weight, weight)
        weight.copy_(merged)

    def _deltas(self, name: str) -> dict[str, LowRankDelta]:
        path = self._folder.path_of(name)
        if path not in self._loaded:
            self._loaded[path] = self._fitting(name, read_lora(path))
        return self._loaded[path]

    def _fitting(self, name: str, deltas: dict[str, LowRankDelta]) -> dict[str, LowRankDelta]:
        known = {self._canonical[module]: delta for module, delta in deltas.items() if module in self._modules}
        for module, delta in known.items():
            if not delta.fits(self._modules[module].weight):
                raise GeneratorError(
                    f'The LoRA "{name}" was made for another checkpoint family ("{module}" differs in size); remove it.'
                )
        if not known:
            raise GeneratorError(f'No part of the LoRA "{name}" fits this checkpoint\'s family; remove it.')
        if len(known) < len(deltas):
            LOGGER.warning(
                '%d of %d parts of the LoRA "%s" have no place here', len(deltas) - len(known), len(deltas), name
            )
        return known


def _kohya_modules(checkpoint: Checkpoint) -> Iterator[tuple[str, Any]]:
    """Yield (kohya's name, module) of all that a LoRA may change; a UNet module goes by its name in either layout."""
    for path, module in _weighted_modules(checkpoint.unet):
        yield "lora_unet_" + path.replace(".", "_"), module
    config = {**checkpoint.unet.config, "transformer_layers_per_block": 1}  # the depth does not change any name
    names = {ours: theirs for theirs, ours in unet_modules(unet_geometry_of(config))}
    for path, module in _weighted_modules(checkpoint.unet):
        try:
            yield "lora_unet_" + renamed_key(path + ".weight", names)[: -len(".weight")].replace(".", "_"), module
        except InvalidInputError:
            continue  # a module that SD 1.x does not have
    prefixes = ("lora_te1_", "lora_te2_") if checkpoint.is_sdxl else ("lora_te_",)
    for prefix, text in zip(prefixes, checkpoint.text_models):
        for path, module in _weighted_modules(text.encoder):
            full = path if path.startswith("text_model.") else f"text_model.{path}"
            yield prefix + full.replace(".", "_"), module


def _weighted_modules(model: Any) -> Iterator[tuple[str, Any]]:
    import torch

    for path, module in model.named_modules():
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
            yield path, module
