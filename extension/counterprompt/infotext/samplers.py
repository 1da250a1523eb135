"""Sampler labels from before WebUI 1.9, which carried the schedule type at their end."""

from __future__ import annotations

AUTOMATIC = "Automatic"
_SUFFIXES = ("Karras", "Exponential", "Polyexponential", "SGM Uniform")


def split_sampler(sampler_name: str | None, scheduler: str | None) -> tuple[str | None, str]:
    """Give sampler and schedule type in the labels of WebUI 1.9 and later.

    A schedule type that is named wins; without one it is cut from the end of *sampler_name*, or is "Automatic".
    """
    if scheduler or sampler_name is None:
        return sampler_name, scheduler or AUTOMATIC
    for suffix in _SUFFIXES:
        bare_name, separator, rest = sampler_name.rpartition(f" {suffix}")
        if separator and not rest:
            return bare_name, suffix
    return sampler_name, AUTOMATIC
