"""What Civitai writes into infotexts: the resources of its generator, and the hashes of its WebUI extension.

`Civitai resources: [{"type": "checkpoint", "modelVersionId": 290640, "modelName": "...", "modelVersionName": "..."},
{"type": "lora", "weight": 0.8, "modelVersionId": 123}]` (pictures of civitai.com's generator; some entries have a
"hash"), and
`Hashes: {"model": "d4f2...", "lora:detail": "7c6b...", "embed:bad-hands": "...", "vae": "..."}`
(civitai/sd_civitai_extension, the hash that it looks a file up by).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.infotext.params import GenerationParams

RESOURCES_LABEL = "Civitai resources"
HASHES_LABEL = "Hashes"
_KEYS = ("type", "modelVersionId", "modelName", "modelVersionName", "weight", "hash")
_LONGEST_JSON = 200_000


@dataclass(frozen=True)
class CivitaiResource:
    """One model that Civitai's generator used."""

    kind: str
    """Civitai's word for it, such as "checkpoint", "lora", "lycoris", "embed" or "vae"; "" where it says nothing."""
    model_version_id: int | None = None
    """Number of the model version on civitai.com."""
    model_name: str | None = None
    """Name of the model on civitai.com."""
    version_name: str | None = None
    """Name of the version on civitai.com."""
    weight: float | None = None
    """Multiplier of a LoRA."""
    more: tuple[tuple[str, str], ...] = ()
    """What else the entry says: key to value as JSON text, in order."""
    digest: str | None = None
    """Hash of the file, as written."""


@dataclass(frozen=True)
class NamedHash:
    """Hash of one file by Civitai's extension."""

    kind: str
    """"model", "vae", "lora", "embed" or "hypernet"."""
    name: str
    """File name without ending; "" for the one checkpoint and the one VAE."""
    digest: str
    """First ten digits of SHA-256, or what the extension had."""


def read_civitai_resources(gen_params: GenerationParams) -> tuple[CivitaiResource, ...]:
    """Read the resources that the infotext names, in order; empty where it names none or they are broken."""
    value = _read_json(gen_params.text(RESOURCES_LABEL))
    entries = value if isinstance(value, list) else []
    return tuple(_read_resource(entry) for entry in entries if isinstance(entry, dict))


def render_civitai_resources(resources: Sequence[CivitaiResource]) -> str:
    """Write *resources* as the value of the field "Civitai resources"; reading it gives the same resources."""
    entries = []
    for resource in resources:
        values = (
            resource.kind or None,
            resource.model_version_id,
            resource.model_name,
            resource.version_name,
            resource.weight,
            resource.digest,
        )
        entry = {key: value for key, value in zip(_KEYS, values) if value is not None}
        entries.append({**entry, **{key: json.loads(text) for key, text in resource.more}})
    return json.dumps(entries, ensure_ascii=False)


def read_named_hashes(gen_params: GenerationParams) -> tuple[NamedHash, ...]:
    """Read the hashes of Civitai's extension, in order; empty where there are none or they are broken."""
    value = _read_json(gen_params.text(HASHES_LABEL))
    pairs = value.items() if isinstance(value, dict) else ()
    cut = ((key.partition(":"), digest) for key, digest in pairs if isinstance(digest, str))
    return tuple(NamedHash(kind, name, digest) for (kind, _, name), digest in cut)


def render_named_hashes(hashes: Sequence[NamedHash]) -> str:
    """Write *hashes* as the value of the field "Hashes"; reading it gives the same hashes."""
    keyed = {f"{one.kind}:{one.name}" if one.name else one.kind: one.digest for one in hashes}
    return json.dumps(keyed, ensure_ascii=False)


def _read_json(text: str | None) -> object:
    if not text or len(text) > _LONGEST_JSON:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _read_resource(entry: dict[str, Any]) -> CivitaiResource:
    typed = {key: entry[key] for key in _KEYS if _is_typed(key, entry.get(key))}
    more = tuple((key, json.dumps(value, ensure_ascii=False)) for key, value in entry.items() if key not in typed)
    kind, version_id, model_name, version_name, weight, digest = (typed.get(key) for key in _KEYS)
    return CivitaiResource(kind or "", version_id, model_name, version_name, weight, more, digest)


def _is_typed(key: str, value: object) -> bool:
    if isinstance(value, bool) or value is None or value == "":
        return False
    if key == "modelVersionId":
        return isinstance(value, int)
    return isinstance(value, (int, float)) if key == "weight" else isinstance(value, str)
