"""Fetches one file from the hub: into a .part file that a broken download goes on with, checked, then put in place.

Own code, because `huggingface_hub` does not do it properly in both environments (tried in 0.36.2 and 2.4.0, see
benchmarks/hub_client.py): neither checks the content's hash, both only warn of a full disk, 0.36 shows progress to its
own bar alone, neither can be stopped, and 2.4 throws away what came when the connection is lost.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import MissingModelError, StoppedError
from counterprompt.tagging.file_checks import fault_in, has_hash, is_hash
from counterprompt.tagging.hub_answers import HubSilenceError, ask_hub, open_from, silence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from counterprompt.tagging.hub_answers import HubSource, RemoteFile
    from counterprompt.tagging.known_taggers import HubFile

SPARE_BYTES: Final = 64 << 20
"""Disk space that is left free."""
ATTEMPTS: Final = 5
"""How often in a row a connection may break without a byte gained."""
_CHUNK: Final = 1 << 18


class WrongFileError(MissingModelError):
    """What came is not the file that was asked for."""


class NoSpaceError(MissingModelError):
    """The disk is full, or would be."""


@dataclass(frozen=True)
class DownloadHooks:
    """What a download calls while it goes on; tests replace the clock and the disk."""

    advanced: Callable[[int, int], None] = lambda _done, _size: None
    """Hears how many bytes of the file are there and how many it has (-1: unknown), after each piece."""
    is_stop_requested: Callable[[], bool] = lambda: False
    """Asked after each piece."""
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free
    """Bytes that a folder's disk has left."""
    pause: Callable[[float], None] = time.sleep
    """Waits so many seconds before a broken connection is opened again."""


def fetch_file(source: HubSource, wanted: HubFile, target: Path, hooks: DownloadHooks | None = None) -> RemoteFile:
    """Download one file to *target*, whose folder exists, and return what the hub said of it.

    Nothing stands at *target* before it is complete and checked against *wanted* and the hub's etag. Where neither
    names a hash, size and kind alone vouch for it.

    Raises:
        HubRefusalError: no such repository, revision or file, or it is gated.
        HubSilenceError: no network; what came so far is kept.
        NoSpaceError: the disk has too little space; nothing was fetched, or what came so far is kept.
        WrongFileError: another file than *wanted*, or one that is neither an ONNX model nor a label list.
        StoppedError: the hooks asked to stop; what came so far is kept.
    """
    hooks = hooks or DownloadHooks()
    remote = ask_hub(source, wanted.name)
    _compare(source, wanted, remote)
    # Named after the content, so that a part of another revision is never gone on with.
    mark = wanted.sha256 or remote.etag or source.revision
    part = target.with_name(f"{target.name}.{hashlib.sha256(mark.encode()).hexdigest()[:12]}.part")
    size = wanted.size or remote.size
    try:
        if size < 0:
            part.unlink(missing_ok=True)  # no telling whether it is complete
        _check_space(part, size, hooks)
        _download(source, wanted.name, part, size, hooks)
        _check_content(part, target, wanted, remote)
        os.replace(part, target)
    except OSError as error:
        raise NoSpaceError(
            f"{target} cannot be written ({error.strerror or error}); free some disk space or choose another data "
            "folder with COUNTERPROMPT_DATA."
        ) from error
    return remote


def _compare(source: HubSource, wanted: HubFile, remote: RemoteFile) -> None:
    """Refuse before a byte is fetched where the hub announces another file."""
    is_sha256 = len(remote.etag) == 64 and is_hash(remote.etag)
    other_hash = wanted.sha256 and is_sha256 and remote.etag != wanted.sha256
    other_size = wanted.size and remote.size >= 0 and remote.size != wanted.size
    if other_hash or other_size:
        raise WrongFileError(
            f"{source.endpoint} offers another {wanted.name} for {source.repo_id} than the one known here "
            f"({remote.size} bytes, {remote.etag[:12] or 'no hash'}); set HF_ENDPOINT to the hub itself or another "
            "mirror."
        )


def _check_space(part: Path, size: int, hooks: DownloadHooks) -> None:
    needed = size - _length(part) + SPARE_BYTES
    free = hooks.free_bytes(part.parent)
    if size > 0 and free < needed:
        raise NoSpaceError(
            f"The download needs {needed / 1e6:.0f} MB, but the disk of {part.parent} has {free / 1e6:.0f} MB left; "
            "free some space or choose another data folder with COUNTERPROMPT_DATA."
        )


def _download(source: HubSource, filename: str, part: Path, size: int, hooks: DownloadHooks) -> None:
    """Fill *part* up to *size* bytes (-1: to the end), opening the connection again where it broke."""
    fruitless = 0
    while size < 0 or _length(part) < size:
        before, broken = _length(part), silence(source, ConnectionError("the connection broke off"))
        try:
            _download_once(source, filename, part, size, hooks)
        except HubSilenceError as error:
            broken = error
        else:
            if size < 0:
                return
        if _length(part) >= size >= 0:
            return
        fruitless = 0 if _length(part) > before else fruitless + 1
        if fruitless >= ATTEMPTS:
            raise broken
        hooks.pause(min(8.0, 0.5 * 2**fruitless))


def _download_once(source: HubSource, filename: str, part: Path, size: int, hooks: DownloadHooks) -> None:
    start = _length(part)
    with open_from(source, filename, start) as response:
        obeyed = response.status == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
        with part.open("ab" if start and obeyed else "wb") as stream:
            for chunk in _chunks(response, source, hooks):
                stream.write(chunk)
                hooks.advanced(stream.tell(), size)
            stream.flush()
            os.fsync(stream.fileno())


def _chunks(response: http.client.HTTPResponse, source: HubSource, hooks: DownloadHooks) -> Iterator[bytes]:
    while True:
        if hooks.is_stop_requested():
            raise StoppedError("Stopped; what was fetched so far is kept, the same command goes on with it.")
        try:
            chunk = response.read(_CHUNK)
        except (OSError, http.client.HTTPException) as error:
            raise silence(source, error) from error
        if not chunk:
            break
        yield chunk
    if response.length:  # what was announced and did not come: urllib passes over it
        raise silence(source, ConnectionError("the connection broke off"))


def _check_content(part: Path, target: Path, wanted: HubFile, remote: RemoteFile) -> None:
    """Refuse and remove a part that is complete and wrong: going on with it would never mend it."""
    expected = wanted.sha256 or (remote.etag if is_hash(remote.etag) else "")
    size, due = _length(part), wanted.size or remote.size
    fault = fault_in(part, target.suffix)
    if not fault and 0 <= due != size:
        fault = f"{size} bytes instead of {due}"
    if not fault and expected and not has_hash(part, expected):
        fault = f"{size} bytes with another hash than {expected[:12]}"
    if fault:
        part.unlink(missing_ok=True)
        raise WrongFileError(
            f"What came for {target.name} is {fault}; it was removed, so fetch it again, or set HF_ENDPOINT to another "
            "mirror."
        )


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
