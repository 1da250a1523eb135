"""What the user has set in txt2img, as values."""

from __future__ import annotations

import dataclasses
import hashlib
import random
import re
from typing import Any, Final

from counterprompt.ports import GenerationRequest

_IN_THE_REQUEST: Final = frozenset(
    {
        "sd_model",
        "prompt",
        "negative_prompt",
        "seed",
        "steps",
        "sampler_name",
        "scheduler",
        "cfg_scale",
        "width",
        "height",
    }
)
_NO_MATTER: Final = frozenset({"outpath_samples", "outpath_grids", "batch_size", "n_iter", "prompt_for_display"})
_ADDRESS: Final = re.compile(r" at 0x[0-9a-f]+")


def request_of(p: Any) -> GenerationRequest:
    """Return the settings of *p* that a study varies or holds; where the seed is left to chance, one is drawn.

    Styles, hires fix and other extensions are no part of it: the generator adds them to every picture.
    """
    return GenerationRequest(
        prompt=_first(p.prompt),
        negative_prompt=_first(p.negative_prompt),
        seed=random.randrange(2**32) if is_seed_random(p) else int(_first(p.seed)) % 2**32,
        steps=int(p.steps),
        sampler_name=p.sampler_name or _first_sampler(),
        scheduler=getattr(p, "scheduler", None) or "Automatic",
        cfg_scale=float(p.cfg_scale),
        width=int(p.width),
        height=int(p.height),
        clip_skip=_clip_skip(p),
    )


def is_seed_random(p: Any) -> bool:
    """Whether the user leaves the seed to chance."""
    seed = _first(p.seed)
    return seed in (None, "") or int(seed) == -1


def seeds_to_show(p: Any, request: GenerationRequest, most: int = 4) -> tuple[int, ...]:
    """Return the seeds of the pictures that the user would get, *most* at most."""
    count = max(1, min(most, int(p.batch_size) * int(p.n_iter)))
    return tuple((request.seed + at) % 2**32 for at in range(count))


def fingerprint(p: Any) -> str:
    """Return a text that is the same where all else in txt2img is: styles, hires fix, other extensions' values."""
    fields = sorted(_field_names(p) - _IN_THE_REQUEST - _NO_MATTER)
    values = [(name, _stable(getattr(p, name, None))) for name in fields]
    values += [("script_args", _stable(each)) for each in list(p.script_args or ())[1:]]
    return hashlib.sha256(repr(values).encode("utf-8", "replace")).hexdigest()


def style_names(p: Any) -> tuple[str, ...]:
    """Name the styles that the host adds to every picture."""
    return tuple(str(name) for name in p.styles or ())


def _field_names(p: Any) -> set[str]:
    if dataclasses.is_dataclass(p):
        return {field.name for field in dataclasses.fields(p) if field.init}
    return {name for name in vars(p) if not name.startswith("_")}


def _stable(value: Any) -> str:
    return _ADDRESS.sub("", repr(_by_content(value)))[:10_000]


def _by_content(value: Any) -> Any:
    """Return *value* with a digest for every picture in it, such as a ControlNet unit's: as a text all look alike."""
    if isinstance(value, type):
        return value
    if hasattr(value, "tobytes"):
        return _digest(value)
    if isinstance(value, dict):
        return {name: _by_content(each) for name, each in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(_by_content, value))
    if dataclasses.is_dataclass(value):
        return {field.name: _by_content(getattr(value, field.name, None)) for field in dataclasses.fields(value)}
    return value


def _digest(picture: Any) -> Any:
    try:
        return hashlib.sha256(picture.tobytes()).hexdigest()
    except (OSError, ValueError, TypeError):  # one whose file is gone counts as it did: by its kind and size
        return picture


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, (list, tuple)) and value else value


def _first_sampler() -> str:
    from modules import sd_samplers

    return str(sd_samplers.all_samplers[0].name)


def _clip_skip(p: Any) -> int:
    from modules.shared import opts

    overridden = (p.override_settings or {}).get("CLIP_stop_at_last_layers")
    return max(1, int(overridden or getattr(opts, "CLIP_stop_at_last_layers", 1) or 1))
