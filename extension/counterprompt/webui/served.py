"""What the running host can draw with: samplers, schedule types, LoRAs; and what it would silently replace."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from counterprompt.advice.inventory import selected_checkpoint
from counterprompt.errors import GeneratorError
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterprompt.ports import GenerationRequest

AUTOMATIC = frozenset({"Automatic", "automatic", "", None})


def sampler_names() -> frozenset[str]:
    """Name the host's samplers, with the combined names of older hosts such as "DPM++ 2M Karras"."""
    from modules import sd_samplers

    names = frozenset(str(sampler.name) for sampler in sd_samplers.all_samplers)
    return names | {f"{name} {schedule}" for name in names for schedule in scheduler_names()}


def scheduler_names() -> frozenset[str]:
    """Name the host's schedule types; none where it knows no such thing."""
    try:
        from modules import sd_schedulers
    except ImportError:
        return frozenset()
    return frozenset(str(text) for each in sd_schedulers.schedulers for text in (each.label, each.name))


def lora_names(*, again: bool = False) -> frozenset[str] | None:
    """Name the LoRAs that the host can load, by name and alias; None where it cannot tell.

    *again* lets it look at the folder first.
    """
    networks = sys.modules.get("networks")
    if networks is None or not hasattr(networks, "available_networks"):
        return None
    if again:
        networks.list_available_networks()
    forbidden = getattr(networks, "forbidden_network_aliases", {})
    aliases = {name for name in getattr(networks, "available_network_aliases", {}) if name.lower() not in forbidden}
    return frozenset(map(str, {*networks.available_networks, *aliases}))


def checkpoint_name() -> str:
    """Name the checkpoint that is loaded, or will be with the first picture; "" where nobody knows."""
    from counterprompt.webui.host_inventory import answer

    return selected_checkpoint(answer("/sdapi/v1/options"), lambda: answer("/sdapi/v1/sd-models"))


def refuse_unserved(request: GenerationRequest) -> None:
    """Refuse what the host would draw otherwise without saying so.

    Raises:
        GeneratorError: it has no such sampler, schedule type or LoRA, or a LoRA's weight is no number.
    """
    if request.sampler_name not in sampler_names():
        raise GeneratorError(_unknown("sampler", request.sampler_name, sampler_names()))
    if request.scheduler not in AUTOMATIC | scheduler_names():
        raise GeneratorError(_unknown("schedule type", request.scheduler, scheduler_names()))
    for network in find_extra_networks(request.prompt):
        if network.fault:
            raise GeneratorError(f'"{network.text[:200]}" cannot be used: {network.fault}; correct it.')
        if network.kind in LORA_KINDS:
            _refuse_missing_lora(network.name)


def _refuse_missing_lora(name: str) -> None:
    known = lora_names()
    if known is not None and name not in known:
        known = lora_names(again=True)  # it may have been added since
    if known is not None and name not in known:
        raise GeneratorError(_unknown("LoRA", name, known))


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    listed = ", ".join(names[:40]) + (f" and {len(names) - 40} more" if len(names) > 40 else "")
    return f'This WebUI has no {what} "{name[:200]}"; choose one of: {listed or "none"}.'
