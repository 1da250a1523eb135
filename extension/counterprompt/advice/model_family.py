"""The family of a model file, as its header and its name tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.prompts.families import ModelFamily

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BASES: Final = (
    ("flux", ModelFamily.FLUX),
    ("pony", ModelFamily.PONY),
    ("illustrious", ModelFamily.ILLUSTRIOUS),
    ("noobai", ModelFamily.ILLUSTRIOUS),
    ("sdxl", ModelFamily.SDXL),
    ("stable-diffusion-xl", ModelFamily.SDXL),
    ("sd_v1", ModelFamily.SD15),
    ("sd_1", ModelFamily.SD15),
    ("sd1", ModelFamily.SD15),
    ("stable-diffusion-v1", ModelFamily.SD15),
)
"""What stands in `ss_base_model_version` (kohya) or `modelspec.architecture` (Stability's model spec)."""

_NAMES: Final = (
    ("flux", ModelFamily.FLUX),
    ("pony", ModelFamily.PONY),
    ("pdxl", ModelFamily.PONY),
    ("illustrious", ModelFamily.ILLUSTRIOUS),
    ("illu", ModelFamily.ILLUSTRIOUS),
    ("noob", ModelFamily.ILLUSTRIOUS),
    ("sdxl", ModelFamily.SDXL),
    ("sd_xl", ModelFamily.SDXL),
    ("v1-5", ModelFamily.SD15),
    ("sd15", ModelFamily.SD15),
    ("sd_v1", ModelFamily.SD15),
)
"""What people write into the names of checkpoints."""

_TENSORS: Final = (
    ("double_blocks.", ModelFamily.FLUX),
    ("model.diffusion_model.double_blocks.", ModelFamily.FLUX),
    ("conditioner.embedders.1.", ModelFamily.SDXL),
    ("lora_te2_", ModelFamily.SDXL),
    ("cond_stage_model.transformer.", ModelFamily.SD15),
)
"""Beginnings of tensor names that one architecture alone has."""

_OWN_TRAINED: Final = frozenset({ModelFamily.PONY, ModelFamily.ILLUSTRIOUS})
_XL: Final = frozenset({ModelFamily.SDXL, *_OWN_TRAINED})
"""One architecture: files of one load into the other, and work more or less."""


def family_of_file(metadata: Mapping[str, str], name: str, tensor_names: Iterable[str] = ()) -> ModelFamily:
    """Tell the family of a checkpoint or LoRA.

    Args:
        metadata: the header's `__metadata__`; empty where there is none.
        name: the file's name.
        tensor_names: names of its tensors.

    Returns:
        UNKNOWN where nothing tells. Pony and Illustrious call themselves SDXL in headers; names tell them apart.
    """
    base = f"{metadata.get('ss_base_model_version', '')} {metadata.get('modelspec.architecture', '')}"
    told = _first(base, _BASES)
    if told is ModelFamily.UNKNOWN:
        told = _by_tensors(tensor_names)
    named = _first(f"{metadata.get('ss_sd_model_name', '')} {name}", _NAMES)
    if told is ModelFamily.UNKNOWN or (told is ModelFamily.SDXL and named in _OWN_TRAINED):
        return named
    return told


def fit_of_families(left: ModelFamily, right: ModelFamily) -> float:
    """Say how well a file made for one family works with the other: 1 the same, 0.5 perhaps or not known, 0 not."""
    if left is right and left is not ModelFamily.UNKNOWN:
        return 1.0
    is_possible = ModelFamily.UNKNOWN in (left, right) or {left, right} <= _XL
    return 0.5 if is_possible else 0.0


def _first(text: str, table: tuple[tuple[str, ModelFamily], ...]) -> ModelFamily:
    folded = text.lower()
    return next((family for word, family in table if word in folded), ModelFamily.UNKNOWN)


def _by_tensors(names: Iterable[str]) -> ModelFamily:
    for name in names:
        for beginning, family in _TENSORS:
            if name.startswith(beginning):
                return family
    return ModelFamily.UNKNOWN
