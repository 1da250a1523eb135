"""The inventory of a WebUI's folder; hashes are computed only where they can decide something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterprompt.advice.hashes import HashKind, HashMatch, deciding_kind, match_hash
from counterprompt.advice.inventory import InstalledFile, Inventory, ResourceKind
from counterprompt.advice.mentions import ResourceMention, find_mentions
from counterprompt.advice.nearest import name_likeness
from counterprompt.inventory.hash_cache import HashCache
from counterprompt.inventory.known_hashes import KnownHashes
from counterprompt.inventory.places import FoundFile, find_files, find_places
from counterprompt.inventory.webui_hashes import read_webui_hashes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from counterprompt.infotext.params import GenerationParams
    from counterprompt.ports import ProgressListener

SEARCH_BUDGET: Final = 2 * 2**30
"""Bytes that are read to find a file under another name, unless its name is alike."""
ALIKE: Final = 0.5
"""Likeness of names from which a file may be the wanted one renamed, however large it is."""
_LARGEST_CONFIG: Final = 4 * 2**20


class FolderInventory:
    """Lists the model files of a WebUI's folder."""

    def __init__(self, root: Path, cache_file: Path | None, progress: ProgressListener) -> None:
        """Remember where to look; nothing is read yet.

        Args:
            root: the WebUI's folder, or its `models` folder.
            cache_file: where hashes are kept, or None to forget them.
            progress: hears, in MiB, how far hashing is, and may stop it.
        """
        self._root = root.absolute()
        self._cache_file = cache_file
        self._progress = progress

    def take_stock(self, params: GenerationParams) -> Inventory:
        """List every model file, with the hashes that are needed to find what *params* names.

        Raises:
            InvalidInputError: the folder holds no model folders, or the prompt is longer than 100,000 characters.
            StoppedError: the user asked to stop; what is hashed so far is kept.
        """
        files = find_files(self._root)
        kinds = frozenset(kind for kind, _ in find_places(self._root))
        names = [file.name for file in files if file.kind is ResourceKind.EMBEDDING]
        with HashCache(self._cache_file) as cache:
            known = KnownHashes(cache, read_webui_hashes(self._root), self._progress)
            for mention in find_mentions(params, names):
                _hash_what_decides(mention, [file for file in files if file.kind is mention.kind], known)
            installed = tuple(_installed(file, known) for file in files)
        return Inventory(installed, kinds, str(self._root), _checkpoint_in_use(self._root))


def _hash_what_decides(mention: ResourceMention, files: Sequence[FoundFile], known: KnownHashes) -> None:
    written = mention.written
    if written is None:
        return
    kind = deciding_kind(written, is_lora=mention.kind is ResourceKind.LORA)
    if not _is_found(mention, files, known):
        known.compute([file for file in files if _installed(file, known).is_called(mention.name)], kind)
    if not _is_found(mention, files, known):
        known.compute(_worth_reading(mention, files, kind, known), kind)


def _is_found(mention: ResourceMention, files: Iterable[FoundFile], known: KnownHashes) -> bool:
    is_lora = mention.kind is ResourceKind.LORA
    matches = (match_hash(mention.written, known.hashes(file), is_lora=is_lora) for file in files)
    return HashMatch.SAME in matches


def _worth_reading(
    mention: ResourceMention, files: Sequence[FoundFile], kind: HashKind, known: KnownHashes
) -> list[FoundFile]:
    """List the files that may be the wanted one renamed: those with a name alike, and small ones up to the budget."""
    if kind is HashKind.LEGACY:
        return list(files)
    alike = {file.path: name_likeness(mention.name, file.name) >= ALIKE for file in files}
    chosen = []
    budget = SEARCH_BUDGET
    for file in sorted(files, key=lambda file: (not alike[file.path], file.size)):
        if not known.hashes(file).of_kind(kind):
            budget -= 0 if alike[file.path] else file.size
            if budget < 0:
                break
            chosen.append(file)
    return chosen


def _installed(file: FoundFile, known: KnownHashes) -> InstalledFile:
    facts = known.facts(file)
    trained_as = (facts.training.output_name,) if facts.training and facts.training.output_name else ()
    return InstalledFile(
        file.kind, file.name, (*file.aliases, *trained_as), known.hashes(file), facts.training, facts.family
    )


def _checkpoint_in_use(root: Path) -> str:
    """Read the selected checkpoint from the WebUI's `config.json`; "" where there is none."""
    path = root / "config.json"
    try:
        parsed = json.loads(path.read_bytes()) if path.stat().st_size <= _LARGEST_CONFIG else None
    except (OSError, ValueError, RecursionError):
        return ""
    selected = parsed.get("sd_model_checkpoint") if isinstance(parsed, dict) else None
    return selected if isinstance(selected, str) else ""
