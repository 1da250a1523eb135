"""Extra networks: the `<lora:name:weight>` tags of a prompt, found, removed and given another weight."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.limits import refuse_oversized

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

LORA_KINDS: Final = frozenset({"lora", "lyco"})
"""The kinds that load a LoRA; lyco is the older alias."""

_OPENING = re.compile(r"<(\w+):")


@dataclass(frozen=True)
class ExtraNetwork:
    """One `<kind:name:…>` tag. Weights: A1111 extensions-builtin/Lora/extra_networks_lora.py."""

    kind: str
    """"lora", "lyco", "hypernet" or whatever stands there."""
    name: str
    """The first positional argument, as written."""
    te_weight: float
    """What multiplies the text encoder's part; 1 where the tag names none."""
    unet_weight: float
    """What multiplies the diffusion model's part; the same as te_weight where the tag names none."""
    text: str
    """The whole tag, byte for byte."""
    start: int = 0
    """Where the tag begins in the prompt, in characters."""
    fault: str = ""
    """What is wrong with its name or weights (the WebUI would not load it; of a weight 1 is assumed here), or empty."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Everything between the colons, as written, the name included."""
        return tuple(self.text[len(self.kind) + 2 : -1].split(":"))

    @property
    def positional(self) -> tuple[str, ...]:
        """The arguments without exactly one equals sign; the name is the first."""
        return tuple(item for item in self.arguments if not _is_named(item))

    @property
    def named(self) -> Mapping[str, str]:
        """The arguments such as `unet=0.5`; the last of a name counts."""
        return dict(item.split("=") for item in self.arguments if _is_named(item))

    @property
    def dyn_dim(self) -> str | None:
        """The rank to cut the LoRA down to, as written: `dyn=` or the fourth positional argument; None without one."""
        return self.named.get("dyn", self.positional[3] if len(self.positional) > 3 else None)

    @property
    def weight(self) -> float:
        """The one number to call its weight: unet_weight, or te_weight where the former is 0."""
        return self.unet_weight or self.te_weight


def find_extra_networks(prompt: str) -> tuple[ExtraNetwork, ...]:
    """List the extra networks of *prompt* in order; a name that stands there twice is listed twice.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    refuse_oversized(prompt)
    return tuple(_parse_tag(kind, prompt[start:end], start) for start, end, kind in _spans(prompt))


def strip_extra_networks(prompt: str) -> str:
    """Remove the tags; everything else stays byte for byte, as the WebUI does it.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    refuse_oversized(prompt)
    kept = []
    position = 0
    for start, end, _ in _spans(prompt):
        kept.append(prompt[position:start])
        position = end
    return "".join((*kept, prompt[position:]))


def without_missing_loras(prompt: str, installed: Collection[str]) -> str:
    """Remove every LoRA tag whose name is not in *installed*; all other bytes stay.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    for tag in reversed(find_extra_networks(prompt)):
        if tag.kind in LORA_KINDS and tag.name not in installed:
            prompt = prompt[: tag.start] + prompt[tag.start + len(tag.text) :]
    return prompt


def with_lora_weight(prompt: str, name: str, weight: float) -> str:
    """Give every `<lora:name:…>` of *prompt* another weight; all other bytes stay.

    Where text encoder and diffusion model have weights of their own, their ratio is kept and the latter gets *weight*.

    Args:
        prompt: the positive prompt.
        name: the LoRA as the tag spells it.
        weight: any finite number, usually 0 to 1.5; written with at most four decimals.

    Raises:
        InvalidInputError: the LoRA is not in the prompt, the weight is not finite, or the prompt is too long.
    """
    if not math.isfinite(weight):
        raise InvalidInputError(f"The weight {weight} of the LoRA {name!r} is not a number; give one such as 0.7.")
    loras = (tag for tag in find_extra_networks(prompt) if tag.kind in LORA_KINDS and tag.positional)
    tags = [tag for tag in loras if tag.name == name]
    if not tags:
        raise InvalidInputError(f"The prompt holds no <lora:{name}:…>; add that tag or name a LoRA that is there.")
    for tag in reversed(tags):
        end = tag.start + len(tag.text)
        prompt = prompt[: tag.start] + _reweighted(tag, weight) + prompt[end:]
    return prompt


def _spans(prompt: str) -> Iterator[tuple[int, int, str]]:
    """Find `<kind:…>` from left to right as (start, end, kind), in one pass whatever the prompt."""
    position = 0
    while (start := prompt.find("<", position)) >= 0:
        opening = _OPENING.match(prompt, start)
        position = start + 1
        if opening:
            end = prompt.find(">", opening.end())
            if end < 0:
                return
            if end > opening.end():
                yield start, end + 1, opening[1]
                position = end + 1


def _parse_tag(kind: str, text: str, start: int) -> ExtraNetwork:
    items = text[len(kind) + 2 : -1].split(":")
    te_slot, unet_slot = _weight_slots(items)
    te_weight, te_fault = _read_weight(items, te_slot, 1.0)
    unet_weight, unet_fault = _read_weight(items, unet_slot, te_weight)
    name = next((item for item in items if not _is_named(item)), None)
    fault = "it names no file" if name is None else te_fault or unet_fault
    return ExtraNetwork(kind, name or "", te_weight, unet_weight, text, start, fault)


def _weight_slots(items: list[str]) -> tuple[int | None, int | None]:
    """Find which items hold the two weights; a named one wins over a positional one."""
    positional = [index for index, item in enumerate(items) if not _is_named(item)]
    named = {item.partition("=")[0]: index for index, item in enumerate(items) if _is_named(item)}
    te_slot = named.get("te", positional[1] if len(positional) > 1 else None)
    unet_slot = named.get("unet", positional[2] if len(positional) > 2 else None)
    return te_slot, unet_slot


def _is_named(item: str) -> bool:
    return item.count("=") == 1


def _read_weight(items: list[str], slot: int | None, default: float) -> tuple[float, str]:
    if slot is None:
        return default, ""
    text = items[slot].rpartition("=")[2]
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    return (weight, "") if math.isfinite(weight) else (1.0, f"its weight {text!r} is not a number")


def _reweighted(tag: ExtraNetwork, weight: float) -> str:
    items = tag.text[len(tag.kind) + 2 : -1].split(":")
    te_slot, unet_slot = _weight_slots(items)
    factor = weight / tag.weight if tag.weight else None
    te_weight = weight if factor is None else tag.te_weight * factor
    unet_weight = weight if factor is None else tag.unet_weight * factor
    if unet_slot is not None:
        items[unet_slot] = _with_number(items[unet_slot], unet_weight)
    if te_slot is not None:
        items[te_slot] = _with_number(items[te_slot], te_weight)
    else:
        items.insert(items.index(tag.name) + 1, _format_weight(te_weight))
    return f"<{tag.kind}:{':'.join(items)}>"


def _with_number(item: str, weight: float) -> str:
    name, equals, _ = item.rpartition("=")
    return f"{name}{equals}{_format_weight(weight)}"


def _format_weight(weight: float) -> str:
    text = f"{weight:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
