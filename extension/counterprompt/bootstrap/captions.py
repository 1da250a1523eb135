"""What captions pictures for training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.bootstrap.pictures import open_picture

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.ports import ProgressListener, Tagger
    from counterprompt.tagging.caption_folder import CaptionedFolder
    from counterprompt.tagging.captions import CaptionStyle
    from counterprompt.tags.observed import ObservedTags


def caption_style(**fields: Any) -> CaptionStyle:
    """Return how captions are written; see `tagging.captions.CaptionStyle` for the *fields*.

    Raises:
        InvalidInputError: the order is unknown.
    """
    from counterprompt.tagging.captions import CaptionStyle

    return CaptionStyle(**fields)


def render_caption(observed: ObservedTags, style: CaptionStyle) -> str:
    """Render tags as a training caption; see `tagging.captions.render_caption`."""
    from counterprompt.tagging.captions import render_caption as render

    return render(observed, style)


def tag_folder(
    folder: Path, tagger: Tagger, progress: ProgressListener, batch_size: int
) -> tuple[dict[str, ObservedTags], dict[str, str]]:
    """Tag every picture of *folder*; see `tagging.folder.tag_folder`."""
    from counterprompt.tagging.folder import tag_folder as tag

    return tag(folder, tagger, open_picture, progress, batch_size=batch_size)


def caption_folder(
    folder: Path,
    tagger: Tagger,
    progress: ProgressListener,
    *,
    files: str,
    existing: str,
    style: CaptionStyle,
    batch_size: int,
    tagger_key: str,
) -> CaptionedFolder:
    """Caption the pictures of *folder*; see `tagging.caption_folder`.

    Raises:
        InvalidInputError: the folder, the batch size or the kind of files is no good.
        StoppedError: the user asked to stop.
    """
    from counterprompt.tagging.caption_folder import CaptionPlan
    from counterprompt.tagging.caption_folder import caption_folder as caption
    from counterprompt.tagging.captions import ExistingCaptions

    plan = CaptionPlan(files, ExistingCaptions(existing), style, batch_size, tagger_key)
    return caption(folder, tagger, open_picture, plan, progress)
