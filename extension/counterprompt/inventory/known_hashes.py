"""What is known of the files of one folder, from the caches and, where it matters, by reading them."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from counterprompt.advice.hashes import FileHashes, HashKind
from counterprompt.advice.inventory import ResourceKind
from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.inventory.hashing import hash_file, legacy_hash
from counterprompt.inventory.header_facts import HeaderFacts, facts_of, parse_facts, render_facts
from counterprompt.inventory.safetensors_header import SafetensorsHeader, read_header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.inventory.hash_cache import HashCache
    from counterprompt.inventory.places import FoundFile
    from counterprompt.inventory.webui_hashes import WebuiHashes
    from counterprompt.ports import ProgressListener

_HEADER = "header"
_STAGE = "Hashing files"
_MIB = 2**20


class KnownHashes:
    """Looks facts up in our cache, then in the WebUI's, and computes what is asked for."""

    def __init__(self, cache: HashCache, webui: WebuiHashes, progress: ProgressListener) -> None:
        self._cache = cache
        self._webui = webui
        self._progress = progress
        self._facts: dict[FoundFile, HeaderFacts] = {}
        self._hashes: dict[FoundFile, FileHashes] = {}

    def facts(self, file: FoundFile) -> HeaderFacts:
        """Return what the header of *file* says, read once until the file changes."""
        if file not in self._facts:
            known = parse_facts(self._cache.get(file, _HEADER) or "")
            self._facts[file] = known or _read_facts(file)
            if known is None:
                self._cache.put(file, _HEADER, render_facts(self._facts[file]))
        return self._facts[file]

    def hashes(self, file: FoundFile) -> FileHashes:
        """Return what is known of *file* without reading it."""
        if file not in self._hashes:
            self._hashes[file] = FileHashes(
                sha256=self._known(file, HashKind.SHA256),
                autov3=self._known(file, HashKind.AUTOV3),
                legacy=self._known(file, HashKind.LEGACY),
                claimed=self.facts(file).claimed,
            )
        return self._hashes[file]

    def compute(self, files: Sequence[FoundFile], kind: HashKind) -> None:
        """Hash the *files* whose hash of *kind* is not known; those that cannot be read stay as they are.

        Raises:
            StoppedError: the user asked to stop; what is hashed so far is kept.
        """
        unknown = [file for file in files if not self.hashes(file).of_kind(kind)]
        for file in unknown:
            self._hashes.pop(file)
        if kind is HashKind.LEGACY:
            for file in unknown:
                self._keep_legacy(file)
        elif kind in (HashKind.SHA256, HashKind.AUTOV3):
            self._hash_all(unknown)

    def _known(self, file: FoundFile, kind: HashKind) -> str:
        return self._cache.get(file, kind.value) or self._webui.digest(file, kind)

    def _keep_legacy(self, file: FoundFile) -> None:
        try:
            self._cache.put(file, HashKind.LEGACY.value, legacy_hash(file.path))
        except OSError:
            return

    def _hash_all(self, files: Sequence[FoundFile]) -> None:
        total = ceil(sum(file.size for file in files) / _MIB)
        done = 0
        for file in files:
            self._hash(file, done, total)
            done += file.size

    def _hash(self, file: FoundFile, before: int, total: int) -> None:
        read = 0

        def heard(size: int) -> None:
            nonlocal read
            read += size
            self._progress.advance(_STAGE, min(total, ceil((before + read) / _MIB)), total, f"MiB, {file.path.name}")
            if self._progress.is_stop_requested():
                raise StoppedError("Hashing was stopped; what is hashed so far is kept for the next time.")

        try:
            digests = hash_file(file.path, with_autov3=file.kind is ResourceKind.LORA, heard=heard)
        except OSError:
            return
        for kind, digest in digests.items():
            self._cache.put(file, kind.value, digest)


def _read_facts(file: FoundFile) -> HeaderFacts:
    header = SafetensorsHeader(0)
    if file.is_safetensors:
        try:
            header = read_header(file.path)
        except InvalidInputError:
            header = SafetensorsHeader(0)
    is_lora = file.kind is ResourceKind.LORA
    return facts_of(header.metadata, file.path.name, is_lora=is_lora, tensor_names=header.tensor_names)
