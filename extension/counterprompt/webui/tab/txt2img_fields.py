"""The host's txt2img fields: found in its paste table, never by position."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MODULES: Final = ("modules.infotext_utils", "modules.generation_parameters_copypaste")
_BY_API: Final = {
    "steps": "Steps",
    "sampler_name": "Sampler",
    "scheduler": "Schedule type",
    "seed": "Seed",
    "width": "Size-1",
    "height": "Size-2",
}
"""Name of an argument to the label it has in an infotext, for fields whose label is a function."""
_STUDIED: Final = frozenset({"Prompt", "Negative prompt", "CFG scale", *_BY_API.values()})
"""The labels that make up a request; all others are none of our business."""
_PROMPT, _NEGATIVE, _CFG = "Prompt", "Negative prompt", "CFG scale"
_GLANCED: Final = (_PROMPT, "Steps", "Size-1", "Size-2")


@dataclass(frozen=True)
class Txt2imgFields:
    """gradio components of the txt2img page, by the label that they have in an infotext."""

    by_label: Mapping[str, Any] = field(default_factory=dict)
    """Label to component; empty where the host's table was not found."""

    @property
    def is_complete(self) -> bool:
        """Whether prompt, negative prompt and CFG scale are there, so that something can be written."""
        return all(label in self.by_label for label in (_PROMPT, _NEGATIVE, _CFG))

    @property
    def written(self) -> list[Any]:
        """The components that we write: prompt, negative prompt, CFG scale."""
        return [self.by_label[label] for label in (_PROMPT, _NEGATIVE, _CFG)] if self.is_complete else []

    @property
    def glanced(self) -> dict[str, Any]:
        """The components that every look at the page needs: the prompt, and what decides how long a picture takes."""
        return {label: self.by_label[label] for label in _GLANCED if label in self.by_label}

    @property
    def cfg_steps(self) -> CfgSteps:
        """What the CFG slider can show."""
        slider = self.by_label.get(_CFG)
        ends = [getattr(slider, name, None) for name in ("minimum", "maximum", "step")]
        usual = CfgSteps()
        return CfgSteps(*(own if isinstance(own, (int, float)) else other for own, other in zip(ends, usual.ends)))


@dataclass(frozen=True)
class CfgSteps:
    """Range and step of the host's CFG slider."""

    minimum: float = 1.0
    """Lowest value."""
    maximum: float = 30.0
    """Highest value."""
    step: float = 0.5
    """Distance of two values."""

    @property
    def ends(self) -> tuple[float, float, float]:
        """The three numbers in order."""
        return self.minimum, self.maximum, self.step

    def nearest(self, cfg_scale: float) -> float:
        """Return the value of the slider that is nearest to *cfg_scale*."""
        steps = round((cfg_scale - self.minimum) / self.step) if self.step > 0 else 0
        rounded = self.minimum + steps * self.step if self.step > 0 else cfg_scale
        return round(min(self.maximum, max(self.minimum, rounded)), 4)


def find_txt2img_fields(modules: Iterable[str] = _MODULES) -> Txt2imgFields:
    """Look the fields up in the host's paste table, which holds them once txt2img is built."""
    for name in modules:
        try:
            table = importlib.import_module(name).paste_fields["txt2img"]["fields"]
        except (ImportError, AttributeError, KeyError, TypeError):
            continue
        found: dict[str, Any] = {}
        for row in table or ():
            component, label = tuple(row)[:2]
            named = label if isinstance(label, str) else _BY_API.get(getattr(row, "api", None) or "")
            if named in _STUDIED:
                found.setdefault(named, component)
        return Txt2imgFields(MappingProxyType(found))
    return Txt2imgFields()
