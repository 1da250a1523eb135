"""Tags every picture of a data set folder, batch by batch, the next batch being read while this one is tagged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.ports import SilentProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from PIL import Image

    from counterprompt.ports import ProgressListener, Tagger
    from counterprompt.tags.observed import ObservedTags

    OpenPicture = Callable[[Path], Image.Image]
    Reading = list[tuple[Path, Future[Image.Image]]]

PICTURE_ENDINGS: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".avif"})
BATCH_SIZE: Final = 8
"""Pictures a batch holds unless told otherwise; twice as many are in memory at most."""
_STAGE: Final = "tag"


@dataclass(frozen=True)
class TaggedBatch:
    """What came of a few pictures."""

    observed: dict[str, ObservedTags]
    """File name to tags."""
    broken: dict[str, str]
    """File name to why that picture could not be opened."""


def tag_folder(
    folder: Path,
    tagger: Tagger,
    open_picture: OpenPicture,
    progress: ProgressListener | None = None,
    *,
    batch_size: int = BATCH_SIZE,
) -> tuple[dict[str, ObservedTags], dict[str, str]]:
    """Tag the pictures that lie directly in *folder*, in the order of their names.

    Args:
        folder: the data set.
        tagger: any tagger.
        open_picture: opens one file as RGB; `imagefile.read.open_picture` does it with size caps.
        progress: hears of each picture and may ask to stop.
        batch_size: pictures the tagger is given at once, at least 1.

    Returns:
        File name -> tags, and file name -> why that picture could not be opened.

    Raises:
        InvalidInputError: the folder does not exist or holds no picture.
        StoppedError: *progress* asked to stop.
    """
    observed: dict[str, ObservedTags] = {}
    broken: dict[str, str] = {}
    for batch in tag_batches(picture_paths(folder), tagger, open_picture, progress, batch_size=batch_size):
        observed.update(batch.observed)
        broken.update(batch.broken)
    return observed, broken


def tag_batches(
    paths: Sequence[Path],
    tagger: Tagger,
    open_picture: OpenPicture,
    progress: ProgressListener | None = None,
    *,
    batch_size: int = BATCH_SIZE,
) -> Iterator[TaggedBatch]:
    """Tag *paths* in their order and give each batch when it is done; arguments and errors as `tag_folder`."""
    if batch_size < 1:
        raise InvalidInputError(f"A batch must hold at least 1 picture, not {batch_size}.")
    listener = progress or SilentProgress()
    done = 0
    for reading in _read_ahead(paths, open_picture, batch_size):
        if listener.is_stop_requested():
            raise StoppedError(f"Stopped after {done} of {len(paths)} pictures; start again to tag the others.")
        yield _tag_batch(reading, tagger)
        for path, _ in reading:
            done += 1
            listener.advance(_STAGE, done, len(paths), path.name)


def picture_paths(folder: Path) -> list[Path]:
    """List the pictures that lie directly in *folder*, by name.

    Raises:
        InvalidInputError: the folder does not exist or holds no picture.
    """
    if not folder.is_dir():
        raise InvalidInputError(f"There is no folder {folder}; correct the path.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURE_ENDINGS and path.is_file())
    if not paths:
        raise InvalidInputError(f"{folder} holds no picture; put PNG, JPEG or WebP files there.")
    return paths


def _read_ahead(paths: Sequence[Path], open_picture: OpenPicture, batch_size: int) -> Iterator[Reading]:
    # One thread, because Pillow's warnings are silenced for a whole process at a time.
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="open-pictures")
    batches = [paths[start : start + batch_size] for start in range(0, len(paths), batch_size)]
    try:
        coming = [(path, pool.submit(open_picture, path)) for path in batches[0]] if batches else []
        for following in [*batches[1:], ()]:
            reading, coming = coming, [(path, pool.submit(open_picture, path)) for path in following]
            yield reading
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _tag_batch(reading: Reading, tagger: Tagger) -> TaggedBatch:
    images: dict[str, Image.Image] = {}
    broken: dict[str, str] = {}
    for path, opened in reading:
        try:
            images[path.name] = opened.result()
        except InvalidInputError as error:
            broken[path.name] = str(error)
    return TaggedBatch(dict(zip(images, tagger.tag(list(images.values())))) if images else {}, broken)
