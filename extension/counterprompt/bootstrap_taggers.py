"""Picks concrete taggers where several may be wanted, and captions folders with them; `bootstrap` does the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt import bootstrap

if TYPE_CHECKING:
    from counterprompt.ports import ProgressListener, Tagger
    from counterprompt.settings import Settings
    from counterprompt.tagging.caption_folder import CaptionedFolder
    from counterprompt.tagging.captions import CaptionStyle
    from counterprompt.tags.observed import ObservedTags


@dataclass(frozen=True)
class TaggerChoice:
    """Which taggers look at a picture, and how sure they must be."""

    folder: Path | None = None
    """A folder, an ONNX file or a name; None for the settings' tagger."""
    others: tuple[Path, ...] = ()
    """Taggers that vote too."""
    webui: str = ""
    """URL of a WebUI whose DeepDanbooru votes too, or is asked alone where no other tagger is named or set."""
    general: float | None = None
    """Least confidence of general tags, 0 to 1; None for each model's own."""
    character: float | None = None
    """Least confidence of names, 0 to 1; None for each model's own."""
    has_widest_gap: bool = False
    """Whether general tags are cut at their widest gap instead (MCut)."""
    agreement: float = 0.5
    """Least share of the taggers that know a tag which must give it, above 0 to 1."""
    lone_confidence: float = 0.0
    """Least confidence of a tag that only one of several taggers knows, 0 to 1."""

    def is_miniature(self, settings: Settings) -> bool:
        """Whether the miniature's tagger is among them."""
        return not (self.folder or settings.tagger_folder or self.webui)


def load_taggers(settings: Settings, choice: TaggerChoice, auth: str | None = None) -> Tagger:
    """Return the tagger of *choice*, or a vote where there are several; *auth* is "USER:PASSWORD" of the WebUI.

    Raises:
        InvalidInputError: a number is out of range, or the URL is none.
        MissingModelError: a tagger is not there.
    """
    from counterprompt.tagging.deepdanbooru import DeepDanbooruTagger
    from counterprompt.tagging.voting import Voter, VotingRule, VotingTagger
    from counterprompt.tags.observed import TagCategory

    gap = (TagCategory.GENERAL,) if choice.has_widest_gap else ()
    options: dict[str, Any] = {"general": choice.general, "character": choice.character, "widest_gap": gap}
    is_asked_alone = choice.webui and not (choice.folder or settings.tagger_folder)
    folders = [*([] if is_asked_alone else [choice.folder]), *choice.others]
    taggers = [bootstrap.load_tagger(settings, folder, **options) for folder in folders]
    if choice.webui:
        taggers.append(DeepDanbooruTagger(choice.webui, auth))
    if len(taggers) == 1:
        return taggers[0]
    return VotingTagger([Voter(tagger) for tagger in taggers], VotingRule(choice.agreement, choice.lone_confidence))


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

    return tag(folder, tagger, bootstrap.open_picture, progress, batch_size=batch_size)


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
    return caption(folder, tagger, bootstrap.open_picture, plan, progress)


def key_of(settings: Settings, choice: TaggerChoice) -> str:
    """Return what tells *choice* from other taggers and settings, for what is kept on disk."""
    return repr(replace(choice, folder=choice.folder or settings.tagger_folder))
