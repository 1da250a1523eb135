"""The two JSON fields of infotexts that Civitai reads and writes: `Hashes` and `Civitai resources`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from counterprompt.advice.hashes import WrittenHash, read_hash
from counterprompt.advice.inventory import ResourceKind, fold_name

if TYPE_CHECKING:
    from collections.abc import Iterator

Hashes = dict[tuple[ResourceKind, str], WrittenHash]
"""Kind and folded name to hash."""

_LONGEST_JSON: Final = 200_000
_HASHES_KINDS: Final = {
    "model": ResourceKind.CHECKPOINT,
    "lora": ResourceKind.LORA,
    "embed": ResourceKind.EMBEDDING,
    "vae": ResourceKind.VAE,
    "hypernet": ResourceKind.HYPERNETWORK,
}
"""What stands before the colon of a key of the `Hashes` field, which Civitai's extension for A1111 writes."""
_CIVITAI_KINDS: Final = {
    "checkpoint": ResourceKind.CHECKPOINT,
    "lora": ResourceKind.LORA,
    "lycoris": ResourceKind.LORA,
    "dora": ResourceKind.LORA,
    "embed": ResourceKind.EMBEDDING,
    "embedding": ResourceKind.EMBEDDING,
    "textualinversion": ResourceKind.EMBEDDING,
    "vae": ResourceKind.VAE,
    "hypernet": ResourceKind.HYPERNETWORK,
    "hypernetwork": ResourceKind.HYPERNETWORK,
}
"""Values of "type" in the `Civitai resources` field."""


def read_hashes_field(text: str | None) -> Hashes:
    """Read `{"model": "…", "vae": "…", "lora:name": "…", "embed:name": "…"}`; the case of keys varies.

    Returns:
        Kind and folded name ("" where the key names none) to hash; what is malformed is left out.
    """
    parsed = _parse_json(text)
    found: Hashes = {}
    for key, digest in parsed.items() if isinstance(parsed, dict) else ():
        label, _, name = str(key).partition(":")
        kind, written = _HASHES_KINDS.get(label.casefold()), read_hash(digest)
        if kind and written:
            found.setdefault((kind, fold_name(name)), written)
    return found


def read_civitai_resources(text: str | None) -> Iterator[tuple[ResourceKind, str, WrittenHash | None]]:
    """Read `[{"type": "lora", "weight": 0.8, "modelVersionId": 1, "modelName": "…"}]`: kind, title and hash of each.

    The title is "" where there is none; kinds that are no model files are left out.
    """
    parsed = _parse_json(text)
    for entry in parsed if isinstance(parsed, list) else ():
        if not isinstance(entry, dict):
            continue
        kind = _CIVITAI_KINDS.get(str(entry.get("type", "")).casefold())
        name = entry.get("modelName")
        if kind:
            yield kind, name if isinstance(name, str) else "", read_hash(entry.get("hash"))


def _parse_json(text: str | None) -> Any:
    if not text or len(text) > _LONGEST_JSON:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
