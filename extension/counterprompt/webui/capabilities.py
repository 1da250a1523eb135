"""What this host can do, found out by looking and never by its version (HOSTS.md 5)."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib.util import find_spec


@dataclass(frozen=True)
class Capabilities:
    """What differs between the hosts, as far as generating goes."""

    txt2img_fields: frozenset[str]
    """Names of the arguments that the host's txt2img object takes."""
    has_main_thread: bool
    """Whether generations run in the program's main thread (Forge and its kin), to which work must be handed."""
    mutes_negative_at_one: bool
    """Whether the host leaves the negative prompt out altogether at CFG scale 1, instead of computing it in vain."""


@cache
def capabilities() -> Capabilities:
    """Look once at the host, which must be there."""
    from modules.processing import StableDiffusionProcessingTxt2Img as Txt2Img

    return Capabilities(
        txt2img_fields=_argument_names(Txt2Img),
        has_main_thread=_is_there("modules_forge.main_thread"),
        mutes_negative_at_one=_is_there("backend.memory_management"),
    )


def _argument_names(cls: type) -> frozenset[str]:
    if is_dataclass(cls):
        return frozenset(field.name for field in fields(cls) if field.init)
    from inspect import signature

    return frozenset(signature(cls).parameters)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
