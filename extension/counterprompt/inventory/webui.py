"""The inventory of a running WebUI, asked by its API (HOSTS.md 4.2, 4.3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from counterprompt.advice.hashes import FileHashes, read_hash
from counterprompt.advice.inventory import InstalledFile, Inventory, ResourceKind, selected_checkpoint
from counterprompt.errors import GeneratorError
from counterprompt.inventory.header_facts import facts_of

if TYPE_CHECKING:
    from counterprompt.infotext.params import GenerationParams

Fetch = Callable[[str], Any]
"""Returns what the JSON of a route says, or None where the host has no such route."""

MOST_ENTRIES: Final = 50_000
"""Entries of one answer that are read."""


class WebuiInventory:
    """Lists the model files of a running WebUI. It tells hashes of checkpoints only, so LoRAs go by their headers."""

    def __init__(self, fetch: Fetch, source: str) -> None:
        """Remember how to ask; nothing is sent yet.

        Args:
            fetch: asks one route of the host.
            source: the host's address, for people.
        """
        self._fetch = fetch
        self._source = source

    def take_stock(self, params: GenerationParams) -> Inventory:
        """List every model file that the host names, whatever *params* needs.

        Raises:
            GeneratorError: the host cannot be reached, refuses, or has no API.
        """
        answers = {kind: self._asked(kind) for kind in ResourceKind}
        if answers[ResourceKind.CHECKPOINT] is None:
            raise GeneratorError(
                f"{self._source} lists no checkpoints; start the WebUI with --api, or correct the URL."
            )
        files = tuple(file for kind, answer in answers.items() if answer is not None for file in _READERS[kind](answer))
        kinds = frozenset(kind for kind, answer in answers.items() if answer is not None)
        in_use = selected_checkpoint(self._fetch("/sdapi/v1/options"), lambda: answers[ResourceKind.CHECKPOINT])
        return Inventory(files, kinds, self._source, in_use)

    def _asked(self, kind: ResourceKind) -> Any:
        answers = (self._fetch(route) for route in _ROUTES[kind])
        return next((answer for answer in answers if answer is not None), None)


def _entries(answer: Any) -> Iterator[Mapping[str, Any]]:
    for entry in answer[:MOST_ENTRIES] if isinstance(answer, list) else ():
        if isinstance(entry, dict):
            yield entry


def _checkpoints(answer: Any) -> Iterator[InstalledFile]:
    for entry in _entries(answer):
        name, digests = _text(entry, "model_name"), [read_hash(entry.get(key)) for key in ("sha256", "hash")]
        facts = facts_of({}, f"{name} {_text(entry, 'config')}", is_lora=False)
        digest = next((found.digits for found in digests if found), "")
        aliases = tuple(filter(None, (_text(entry, "title"), _text(entry, "filename"))))
        yield InstalledFile(ResourceKind.CHECKPOINT, name, aliases, FileHashes(sha256=digest), None, facts.family)


def _loras(answer: Any) -> Iterator[InstalledFile]:
    for entry in _entries(answer):
        name = _text(entry, "name")
        facts = facts_of(_metadata(entry.get("metadata")), name, is_lora=True)
        # The host writes the header's own claim into its infotexts, so that decides; else it tells no hash.
        hashes = FileHashes(autov3=facts.claimed[0] if facts.claimed else "", claimed=facts.claimed)
        aliases = tuple(filter(None, (_text(entry, "alias"), _text(entry, "path"))))
        yield InstalledFile(ResourceKind.LORA, name, aliases, hashes, facts.training, facts.family)


def _embeddings(answer: Any) -> Iterator[InstalledFile]:
    for group in ("loaded", "skipped"):
        named = answer.get(group) if isinstance(answer, dict) else None
        for name in list(named)[:MOST_ENTRIES] if isinstance(named, dict) else ():
            yield InstalledFile(ResourceKind.EMBEDDING, name)


def _vaes(answer: Any) -> Iterator[InstalledFile]:
    for entry in _entries(answer):
        yield InstalledFile(ResourceKind.VAE, _text(entry, "model_name"), (_text(entry, "filename"),))


def _hypernetworks(answer: Any) -> Iterator[InstalledFile]:
    for entry in _entries(answer):
        yield InstalledFile(ResourceKind.HYPERNETWORK, _text(entry, "name"), (_text(entry, "path"),))


def _text(entry: Mapping[str, Any], key: str) -> str:
    found = entry.get(key)
    return found if isinstance(found, str) else ""


def _metadata(said: Any) -> dict[str, str]:
    """Return a header's metadata as it stood there: A1111 parses values that look like JSON objects."""
    if not isinstance(said, dict):
        return {}
    return {str(key): text if isinstance(text, str) else json.dumps(text) for key, text in said.items()}


_ROUTES: Final = {
    ResourceKind.CHECKPOINT: ("/sdapi/v1/sd-models",),
    ResourceKind.LORA: ("/sdapi/v1/loras",),
    ResourceKind.EMBEDDING: ("/sdapi/v1/embeddings",),
    ResourceKind.VAE: ("/sdapi/v1/sd-vae", "/sdapi/v1/sd-modules"),
    ResourceKind.HYPERNETWORK: ("/sdapi/v1/hypernetworks",),
}
"""Forge names VAEs among its modules; routes that a host lacks leave their kind unknown."""

_READERS: Final[dict[ResourceKind, Callable[[Any], Iterator[InstalledFile]]]] = {
    ResourceKind.CHECKPOINT: _checkpoints,
    ResourceKind.LORA: _loras,
    ResourceKind.EMBEDDING: _embeddings,
    ResourceKind.VAE: _vaes,
    ResourceKind.HYPERNETWORK: _hypernetworks,
}
