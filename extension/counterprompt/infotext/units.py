"""What two common extensions write into infotexts: ControlNet's units and ADetailer's passes.

Three generations of ControlNet (Mikubill/sd-webui-controlnet, internal_controlnet/external_code.py and infotext.py):
`ControlNet 0: "Module: canny, Model: control_v11p_sd15_canny [d14c016b], Weight: 1.0, Guidance Start: 0.0, ..."`,
before that `ControlNet 0: "preprocessor: canny, model: ..., weight: 1, starting/ending: (0, 1), ..."`, and at first one
field a setting, `ControlNet-0 Module: canny`. ADetailer (Bing-su/adetailer, adetailer/args.py) writes one field a
setting, with "2nd", "3rd" and so on behind the label from its second pass on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.infotext.fields import read_number
from counterprompt.infotext.nested import NestedSettings, parse_nested

if TYPE_CHECKING:
    from counterprompt.infotext.params import GenerationParams

_UNIT = re.compile(r"ControlNet (\d{1,2})")
_LOOSE = re.compile(r"ControlNet(?:-(\d{1,2}))? (\w[\w ]{0,40})")
_MODEL_HASH = re.compile(r"(.{0,300}?)\s*\[([0-9a-fA-F]{4,64})\]")
_PASS = re.compile(r"ADetailer (\w[\w ]{0,60}?)(?: (\d{1,2})(?:st|nd|rd|th))?")
_OF_ALL_PASSES = ("version",)
_NONE = ("none", "None", "")


@dataclass(frozen=True)
class ControlNetUnit:
    """One ControlNet that steered the picture."""

    index: int
    """Number of the unit, from 0."""
    nested: NestedSettings
    """All its settings, with the text they were read from."""

    @property
    def module(self) -> str | None:
        """The preprocessor; None where none was used."""
        name = self.nested.find("Module", "Preprocessor")
        return None if name in _NONE else name

    @property
    def model_name(self) -> str | None:
        """File name of the ControlNet model without its ending; None where none was used."""
        return self._split_model()[0]

    @property
    def model_hash(self) -> str | None:
        """The short hash that ControlNet shows behind the model's name."""
        return self._split_model()[1]

    @property
    def weight(self) -> float | None:
        """Strength, usually 0 to 2."""
        return read_number(self.nested.find("Weight"))

    @property
    def guidance_range(self) -> tuple[float | None, float | None]:
        """Start and end of its effect as shares of the steps, 0 to 1."""
        both = (self.nested.find("starting/ending") or "").strip("()").split(",")
        if len(both) == 2:
            return read_number(both[0]), read_number(both[1])
        return read_number(self.nested.find("Guidance Start")), read_number(self.nested.find("Guidance End"))

    @property
    def control_mode(self) -> str | None:
        """Whether prompt or ControlNet weighs more, in ControlNet's words."""
        return self.nested.find("Control Mode")

    @property
    def resize_mode(self) -> str | None:
        """How its picture was fitted, in ControlNet's words."""
        return self.nested.find("Resize Mode")

    def _split_model(self) -> tuple[str | None, str | None]:
        text = self.nested.find("Model")
        if text is None or text in _NONE:
            return None, None
        found = _MODEL_HASH.fullmatch(text)
        return (found.group(1), found.group(2)) if found else (text, None)


@dataclass(frozen=True)
class DetailerPass:
    """One pass of ADetailer over the finished picture."""

    index: int
    """Number of the pass, from 0."""
    settings: tuple[tuple[str, str], ...]
    """Setting to text, such as ("model", "face_yolov8n.pt"), in order."""

    def text(self, setting: str) -> str | None:
        """Text of *setting*, such as "model", "prompt" or "negative prompt", or None where it is absent."""
        return dict(self.settings).get(setting)

    @property
    def confidence(self) -> float | None:
        """From which certainty on the detector's finds count, 0 to 1."""
        return read_number(self.text("confidence"))

    @property
    def denoising_strength(self) -> float | None:
        """0 to 1."""
        return read_number(self.text("denoising strength"))


def read_control_units(gen_params: GenerationParams) -> tuple[ControlNetUnit, ...]:
    """Read the ControlNet units of all three generations, in the order of their numbers."""
    units = {
        int(found.group(1)): parse_nested(value)
        for label, value in gen_params.fields
        if (found := _UNIT.fullmatch(label))
    }
    for label, value in gen_params.fields:
        found = _LOOSE.fullmatch(label)
        if found and not _UNIT.fullmatch(label):
            index = int(found.group(1) or 0)
            before = units[index].pieces if index in units else ()
            units[index] = NestedSettings((*before, f"{' ' if before else ''}{found.group(2)}: {value}"))
    return tuple(ControlNetUnit(index, nested) for index, nested in sorted(units.items()))


def with_control_unit(gen_params: GenerationParams, unit: ControlNetUnit) -> GenerationParams:
    """Copy with the field of *unit* set to its settings."""
    return gen_params.with_field(f"ControlNet {unit.index}", unit.nested.text)


def read_detailer_passes(gen_params: GenerationParams) -> tuple[DetailerPass, ...]:
    """Read ADetailer's passes, in the order of their numbers."""
    passes: dict[int, list[tuple[str, str]]] = {}
    for label, value in gen_params.fields:
        found = _PASS.fullmatch(label)
        if found and found.group(1) not in _OF_ALL_PASSES:
            passes.setdefault(int(found.group(2) or 1) - 1, []).append((found.group(1), value))
    return tuple(DetailerPass(index, tuple(settings)) for index, settings in sorted(passes.items()))
