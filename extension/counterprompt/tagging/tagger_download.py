"""Downloads both files of a tagger into a folder of its own, and notes there where they came from."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from counterprompt.errors import MissingModelError
from counterprompt.tagging.hub_download import NoSpaceError, fetch_file
from counterprompt.tagging.hub_source import HubRefusalError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counterprompt.ports import ProgressListener
    from counterprompt.tagging.hub_download import DownloadHooks
    from counterprompt.tagging.hub_source import HubSource
    from counterprompt.tagging.known_taggers import HubFile, KnownTagger

SOURCE_NAME: Final = "source.json"
"""What was downloaded from where: endpoint, repo_id, revision, and of each file name, size, etag and commit."""


def fetch_tagger(
    source: HubSource, tagger: KnownTagger, folder: Path, progress: ProgressListener, hooks: DownloadHooks
) -> None:
    """Download *tagger* from *source* into *folder*, which is made; one process at a time.

    Raises:
        MissingModelError: no network, no such thing, a wrong file, no disk space, or another process is at it.
        StoppedError: *progress* asked to stop; the next call goes on where this one ended.
    """
    from filelock import FileLock, Timeout

    note = {"endpoint": source.endpoint, "repo_id": source.repo_id, "revision": source.revision}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(str(folder / ".lock"), timeout=0):
            # The small file first: whatever refuses the model refuses it before hundreds of megabytes came.
            labels = _fetch_one(source, tagger.labels, folder, hooks)
            extras = [found for file in tagger.extras for found in _fetch_if_there(source, file, folder, hooks)]
            model = _fetch_one(source, tagger.model, folder, _with_progress(hooks, progress, tagger.name))
            text = json.dumps({**note, "files": [labels, *extras, model]}, indent=1)
            (folder / SOURCE_NAME).write_text(text + "\n", encoding="utf-8")
    except Timeout as error:
        raise MissingModelError(
            f"Another process is downloading {tagger.name}; wait for it and run the command again."
        ) from error
    except OSError as error:
        raise NoSpaceError(
            f"{folder} cannot be written to ({error.strerror or error}); free some disk space or choose another data "
            "folder with COUNTERPROMPT_DATA."
        ) from error


def _fetch_one(source: HubSource, file: HubFile, folder: Path, hooks: DownloadHooks) -> dict[str, object]:
    remote = fetch_file(source, file, folder / file.name, hooks)
    size = (folder / file.name).stat().st_size
    return {"name": file.name, "size": size, "etag": remote.etag, "commit": remote.commit}


def _fetch_if_there(
    source: HubSource, file: HubFile, folder: Path, hooks: DownloadHooks
) -> Iterator[dict[str, object]]:
    """Fetch a file that not every repository has; the hub gave the labels, so a refusal is about this file alone."""
    with suppress(HubRefusalError):
        yield _fetch_one(source, file, folder, hooks)


def _with_progress(hooks: DownloadHooks, progress: ProgressListener, name: str) -> DownloadHooks:
    def advance(done: int, size: int) -> None:
        total = max(1, round(max(done, size) / 1e6))
        progress.advance("download MB", min(round(done / 1e6), total), total, name)

    return replace(hooks, advanced=advance, is_stop_requested=progress.is_stop_requested)
