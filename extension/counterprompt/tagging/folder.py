"""Tags every picture of a data set folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.ports import SilentProgress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PIL import Image

    from counterprompt.ports import ProgressListener, Tagger
    from counterprompt.tags.observed import ObservedTags

PICTURE_ENDINGS: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".avif"})
_STAGE: Final = "tag"


def tag_folder(
    folder: Path,
    tagger: Tagger,
    open_picture: Callable[[Path], Image.Image],
    progress: ProgressListener | None = None,
) -> tuple[dict[str, ObservedTags], dict[str, str]]:
    """Tag the pictures that lie directly in *folder*, in the order of their names.

    Args:
        folder: the data set.
        tagger: any tagger.
        open_picture: opens one file as RGB; `imagefile.read.open_picture` does it with size caps.
        progress: hears of each picture and may ask to stop.

    Returns:
        File name -> tags, and file name -> why that picture could not be opened.

    Raises:
        InvalidInputError: the folder does not exist or holds no picture.
        StoppedError: *progress* asked to stop.
    """
    paths = _picture_paths(folder)
    listener = progress or SilentProgress()
    observed: dict[str, ObservedTags] = {}
    broken: dict[str, str] = {}
    for done, path in enumerate(paths):
        if listener.is_stop_requested():
            raise StoppedError(f"Stopped after {done} of {len(paths)} pictures; start again to tag the others.")
        try:
            observed[path.name] = tagger.tag([open_picture(path)])[0]
        except InvalidInputError as error:
            broken[path.name] = str(error)
        listener.advance(_STAGE, done + 1, len(paths), path.name)
    return observed, broken


def _picture_paths(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InvalidInputError(f"There is no folder {folder}; correct the path.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURE_ENDINGS and path.is_file())
    if not paths:
        raise InvalidInputError(f"{folder} holds no picture; put PNG, JPEG or WebP files there.")
    return paths
