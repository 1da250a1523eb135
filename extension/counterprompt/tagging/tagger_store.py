"""The model store: a tagger's name becomes a folder or file on this machine, found or downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import MissingModelError
from counterprompt.places import expanded, is_place
from counterprompt.ports import SilentProgress
from counterprompt.tagging.hub_download import DownloadHooks
from counterprompt.tagging.hub_source import HubSource
from counterprompt.tagging.known_taggers import KNOWN_TAGGERS, tagger_named
from counterprompt.tagging.tagger_download import fetch_tagger
from counterprompt.tagging.tagger_files import TaggerFiles, files_of, locate_files
from counterprompt.tagging.tagger_places import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.ports import ProgressListener
    from counterprompt.tagging.known_taggers import KnownTagger

_OWN: Final = "Counterprompt"


@dataclass(frozen=True)
class FoundTagger:
    """A known tagger that lies on this machine."""

    tagger: KnownTagger
    """Which one."""
    files: TaggerFiles
    """Its files."""
    owner: str
    """Who put it there."""


class TaggerStore:
    """Finds and downloads taggers.

    Args:
        folder: where downloads go, one folder for each tagger.
        places: where else to look, best first.
        endpoint: the hub or its mirror.
        token: for gated repositories, "" for none.
        offline: whether the user forbade the network (HF_HUB_OFFLINE).
        hooks: clock and disk, for tests.
    """

    def __init__(
        self,
        folder: Path,
        places: Sequence[Place] = (),
        *,
        endpoint: str,
        token: str = "",
        offline: bool = False,
        hooks: DownloadHooks | None = None,
    ) -> None:
        self._folder = folder
        self._places = (Place(_OWN, folder), *places)
        self._endpoint = endpoint.rstrip("/")
        self._token = token
        self._offline = offline
        self._hooks = hooks or DownloadHooks()

    def place_of(self, name: str | Path) -> Path:
        """Return where the folder, file or tagger called *name* lies or, where it must be fetched, would lie.

        Raises:
            InvalidInputError: it is neither a folder nor a tagger's name.
        """
        tagger = self.named(name)
        if tagger is None:
            return Path(name)
        found = self.find(tagger)
        return found.files.path if found else self._folder / tagger.name

    def listing(self) -> list[dict[str, Any]]:
        """Return name, repo_id, revision, size, path and owner of the table's taggers; "" for those not here."""
        return [
            {
                "name": tagger.name,
                "repo_id": tagger.repo_id,
                "revision": tagger.revision,
                "size": tagger.size,
                "path": str(found.files.path) if found else "",
                "owner": found.owner if found else "",
            }
            for tagger, found in ((tagger, self.find(tagger)) for tagger in KNOWN_TAGGERS.values())
        ]

    def contents(self) -> list[tuple[Place, list[str]]]:
        """Return every folder it looks into, its own first, with the names of the known taggers in it."""
        return [
            (place, [tagger.name for tagger in KNOWN_TAGGERS.values() if any(files_of(tagger, place.path))])
            for place in self._places
        ]

    def resolve(self, name: str | Path, progress: ProgressListener | None = None) -> TaggerFiles:
        """Return the files of the folder, the ONNX file or the tagger called *name*, downloading it as a last resort.

        Raises:
            InvalidInputError: it is neither a folder nor a tagger's name.
            MissingModelError: the folder holds no tagger, or the download failed; the sentence says which and why.
            StoppedError: *progress* asked to stop.
        """
        tagger = self.named(name)
        if tagger is None:
            return locate_files(expanded(Path(name)))
        found = self.find(tagger)
        return found.files if found else self.fetch(tagger, progress)

    def named(self, name: str | Path) -> KnownTagger | None:
        """Return the tagger called *name*, or None where *name* is a path: there, absolute, or in a folder that is.

        Raises:
            InvalidInputError: it is neither.
        """
        path = expanded(Path(name))
        text = name.as_posix() if isinstance(name, Path) else name
        is_path = is_place(path) or path.is_absolute() or text.startswith(("./", "../")) or path.suffix == ".onnx"
        if is_path or (len(path.parts) > 1 and is_place(path.parent) and path.parent.is_dir()):
            return None
        return tagger_named(text)

    def find(self, tagger: KnownTagger) -> FoundTagger | None:
        """Return *tagger* where it lies on this machine, or None."""
        for place in self._places:
            for files in files_of(tagger, place.path):
                return FoundTagger(tagger, files, place.owner)
        return None

    def is_missing(self, name: str | Path) -> bool:
        """Return whether `resolve` would download *name*.

        Raises:
            InvalidInputError: it is neither a folder nor a tagger's name.
        """
        tagger = self.named(name)
        return tagger is not None and self.find(tagger) is None

    def fetch(self, tagger: str | KnownTagger, progress: ProgressListener | None = None) -> TaggerFiles:
        """Download a tagger, given or named, into the store's own folder, whatever other programs have.

        Complete files of its own are kept. The progress counts megabytes.

        Raises:
            InvalidInputError: there is no tagger of that name.
            MissingModelError: no network, no such thing, a wrong file, no disk space, or another process is at it.
            StoppedError: *progress* asked to stop; the next call goes on where this one ended.
        """
        tagger = tagger_named(tagger) if isinstance(tagger, str) else tagger
        folder = self._folder / tagger.name
        ready = next(files_of(tagger, self._folder), None)
        if ready and ready.model.parent == folder:
            return ready
        if self._offline:
            raise MissingModelError(
                f"HF_HUB_OFFLINE forbids downloading {tagger.name}; unset it, or put model.onnx and selected_tags.csv "
                "into a folder and name it with --tagger."
            )
        source = HubSource(self._endpoint, tagger.repo_id, tagger.revision, self._token)
        fetch_tagger(source, tagger, folder, progress or SilentProgress(), self._hooks)
        return locate_files(folder)
