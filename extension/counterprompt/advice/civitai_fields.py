"""What Civitai's two fields of an infotext say of model files; `infotext.civitai` reads the fields themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.advice.hashes import WrittenHash, read_hash
from counterprompt.advice.inventory import ResourceKind, fold_name
from counterprompt.infotext.civitai import read_civitai_resources, read_named_hashes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from counterprompt.infotext.params import GenerationParams

Hashes = dict[tuple[ResourceKind, str], WrittenHash]
"""Kind and folded name to hash."""

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


def hashes_by_civitai(params: GenerationParams) -> Hashes:
    """Find the hashes of the field "Hashes"; the case of its keys varies.

    Returns:
        Kind and folded name ("" where the key names none) to hash; what is malformed is left out.
    """
    found: Hashes = {}
    for named in read_named_hashes(params):
        kind, written = _HASHES_KINDS.get(named.kind.casefold()), read_hash(named.digest)
        if kind and written:
            found.setdefault((kind, fold_name(named.name)), written)
    return found


def files_by_civitai(params: GenerationParams) -> Iterator[tuple[ResourceKind, str, WrittenHash | None]]:
    """Find kind, title and hash of each model file in the field "Civitai resources".

    The title is "" where there is none; kinds that are no model files are left out.
    """
    for resource in read_civitai_resources(params):
        kind = _CIVITAI_KINDS.get(resource.kind.casefold())
        if kind:
            yield kind, resource.model_name or "", read_hash(resource.digest)
