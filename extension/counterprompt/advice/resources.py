"""Resources: whether what made the picture is here too, told by hash, not by name alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from counterprompt.advice.hashes import HASH_OF_NOTHING, LEGACY_DIGITS, FileHashes, HashMatch, match_hash, read_hash
from counterprompt.advice.inventory import InstalledFile, Inventory, ResourceKind
from counterprompt.advice.mentions import ResourceMention, find_mentions
from counterprompt.advice.nearest import find_nearest
from counterprompt.advice.resource_state import ResourceFinding, Resources, ResourceState
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks
from counterprompt.prompts.families import ModelFamily

if TYPE_CHECKING:
    from counterprompt.infotext.params import GenerationParams

__all__ = [
    "HASH_OF_NOTHING",
    "ResourceFinding",
    "ResourceState",
    "Resources",
    "compare_hashes",
    "find_resources",
    "look_up",
]


def compare_hashes(stored: str | None, found: str | None) -> ResourceState:
    """Compare the hash in an infotext with that of the file here; either may be shortened, absent or of the old kind.

    Returns:
        PRESENT, OTHER_FILE or, where they cannot be compared, UNKNOWN.
    """
    own = read_hash(found)
    hashes = FileHashes(own.digits, own.digits) if own and len(own.digits) > LEGACY_DIGITS else FileHashes()
    return _BY_MATCH[match_hash(read_hash(stored), hashes, is_lora=False)]


def find_resources(
    params: GenerationParams,
    *,
    checkpoint_hash: str | None = None,
    loras: Mapping[str, str | None] | None = None,
    embeddings: Mapping[str, str | None] | None = None,
    family: ModelFamily = ModelFamily.UNKNOWN,
) -> Resources:
    """Look up what *params* names among names and hashes; `look_up` does it with a whole inventory.

    Args:
        params: the embedded parameters.
        checkpoint_hash: hash of the checkpoint that will be used, or None where unknown.
        loras: name of each LoRA here to its hash (None: not known), or None where nobody can tell.
        embeddings: the same for embeddings.
        family: family of the checkpoint that will be used.

    Raises:
        InvalidInputError: the prompt is longer than 100,000 characters.
    """
    named = dict.fromkeys(tag.name for tag in find_extra_networks(params.prompt) if tag.kind in LORA_KINDS)
    return Resources(
        checkpoint=compare_hashes(params.model_hash, checkpoint_hash),
        loras={name: _state(name, params.lora_hashes.get(name), loras) for name in named},
        embeddings={name: _state(name, found, embeddings) for name, found in params.embedding_hashes.items()},
        family=family,
    )


def look_up(params: GenerationParams, inventory: Inventory, terms: Sequence[str] = ()) -> Resources:
    """Look up everything *params* names in *inventory*.

    Args:
        params: the embedded parameters.
        inventory: the files here.
        terms: what the picture asks for and shows, to find the LoRA nearest to a missing one.

    Raises:
        InvalidInputError: the prompt is longer than 100,000 characters.
    """
    names = tuple(file.name for file in inventory.of_kind(ResourceKind.EMBEDDING))
    findings = tuple(_find(mention, inventory, terms) for mention in find_mentions(params, names))
    states = {
        kind: {found.mention.name: found.state for found in findings if found.mention.kind is kind}
        for kind in ResourceKind
    }
    checkpoints = tuple(states[ResourceKind.CHECKPOINT].values())
    return Resources(
        checkpoint=checkpoints[0] if checkpoints else ResourceState.UNKNOWN,
        loras=states[ResourceKind.LORA],
        embeddings=states[ResourceKind.EMBEDDING],
        family=inventory.family,
        findings=findings,
    )


def _find(mention: ResourceMention, inventory: Inventory, terms: Sequence[str]) -> ResourceFinding:
    if mention.kind not in inventory.kinds:
        return ResourceFinding(mention, ResourceState.UNKNOWN)
    namesake = inventory.called(mention.kind, mention.name) if mention.name else None
    state = _BY_MATCH[_match(mention, namesake)] if namesake else ResourceState.MISSING
    if state is ResourceState.PRESENT or (state is ResourceState.UNKNOWN and mention.written is None):
        return ResourceFinding(mention, state, namesake)
    twin = next((file for file in inventory.of_kind(mention.kind) if _match(mention, file) is HashMatch.SAME), None)
    if twin:
        return ResourceFinding(mention, ResourceState.RENAMED if mention.name else ResourceState.PRESENT, twin)
    nearest = None
    if mention.kind is ResourceKind.LORA and namesake is None:
        nearest = find_nearest(mention.name, terms, inventory.family, inventory.of_kind(mention.kind))
    if mention.is_title and namesake is None:
        state = ResourceState.UNKNOWN
    return ResourceFinding(mention, state, namesake, nearest)


def _match(mention: ResourceMention, file: InstalledFile) -> HashMatch:
    return match_hash(mention.written, file.hashes, is_lora=mention.kind is ResourceKind.LORA)


def _state(name: str, stored: str | None, installed: Mapping[str, str | None] | None) -> ResourceState:
    if installed is None:
        return ResourceState.UNKNOWN
    return compare_hashes(stored, installed[name]) if name in installed else ResourceState.MISSING


_BY_MATCH = {
    HashMatch.SAME: ResourceState.PRESENT,
    HashMatch.DIFFERENT: ResourceState.OTHER_FILE,
    HashMatch.UNTOLD: ResourceState.UNKNOWN,
}
