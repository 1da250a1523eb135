"""Which tagger looks at a picture, one or several that vote."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt.bootstrap.miniature import miniature_folder
from counterprompt.bootstrap.pictures import read_picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from counterprompt.infotext.params import GenerationParams
    from counterprompt.ports import Tagger
    from counterprompt.settings import Settings
    from counterprompt.tagging.tagger_store import TaggerStore


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

    rule = VotingRule(choice.agreement, choice.lone_confidence)
    gap = (TagCategory.GENERAL,) if choice.has_widest_gap else ()
    options: dict[str, Any] = {"general": choice.general, "character": choice.character, "widest_gap": gap}
    is_asked_alone = choice.webui and not (choice.folder or settings.tagger_folder)
    folders = [*([] if is_asked_alone else [choice.folder]), *choice.others]
    taggers = [load_tagger(settings, folder, **options) for folder in folders]
    if choice.webui:
        taggers.append(DeepDanbooruTagger(choice.webui, auth))
    if len(taggers) == 1:
        return taggers[0]
    return VotingTagger([Voter(tagger) for tagger in taggers], rule)


def load_tagger(settings: Settings, folder: Path | None = None, **options: Any) -> Tagger:
    """Return the tagger that *folder* names, else the one of the *settings*, else the miniature's.

    A WD tagger's folder, an ONNX file or a name for `tagger_store` will do, or the folder of a CLIP, which then tags
    with a term list. *options* go to a `tagging.wd.WdTagger`.

    Raises:
        InvalidInputError: it is neither a folder nor a tagger's name.
        MissingModelError: it is not there and cannot be downloaded.
    """
    from counterprompt.tagging.sessions import shared_session
    from counterprompt.tagging.wd import WdTagger

    open_session = partial(shared_session, wanted=settings.tagger_provider, idle_s=settings.tagger_idle_seconds)
    chosen = folder or settings.tagger_folder
    if chosen and (chosen / "open_clip_config.json").is_file():
        return _load_clip_tagger(settings, chosen)
    if chosen:
        return WdTagger(tagger_store(settings).resolve(chosen).path, open_session=open_session, **options)
    from counterprompt.miniature.tagger import MiniatureTagger

    return MiniatureTagger(WdTagger(miniature_folder() / "tagger", open_session=open_session, **options))


def _load_clip_tagger(settings: Settings, folder: Path) -> Tagger:
    from counterprompt.scoring.clip_folder import load_clip_folder
    from counterprompt.scoring.embedder import ClipEmbedder
    from counterprompt.tagging.clip_tagger import ClipTagger
    from counterprompt.tagging.clip_terms import BUILT_IN, TERMS_NAME, read_terms

    own = folder / TERMS_NAME
    terms = read_terms(own if own.is_file() else BUILT_IN)
    return ClipTagger(
        lambda: ClipEmbedder(load_clip_folder(folder)), terms, settings.data_folder / "cache", folder.name
    )


def tagger_store(settings: Settings, environment: Mapping[str, str] = os.environ) -> TaggerStore:
    """Return the store that finds and downloads taggers; *environment* holds the hub's own variables."""
    from counterprompt.tagging.tagger_places import host_folder, hub_caches, places_below
    from counterprompt.tagging.tagger_store import TaggerStore

    host = host_folder(Path(__file__))
    roots = [*settings.model_folders, *([host] if host else []), Path.cwd()]
    return TaggerStore(
        settings.taggers_folder,
        [*places_below(roots), *hub_caches(environment, Path.home())],
        endpoint=settings.hf_endpoint,
        token=environment.get("HF_TOKEN", ""),
        offline=environment.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"},
    )


def key_of(settings: Settings, choice: TaggerChoice) -> str:
    """Return what tells *choice* from other taggers and settings, for what is kept on disk."""
    return repr(replace(choice, folder=choice.folder or settings.tagger_folder))


def remarks_on_tagger(settings: Settings, folder: Path | None, pictures: Iterable[Path]) -> tuple[str, ...]:
    """Say why a tagger ran elsewhere than it was to, and whether it is the miniature's and one of *pictures* is not.

    Raises:
        InvalidInputError: a picture cannot be read.
    """
    return remarks_by_params(settings, folder, (read_picture(picture).params for picture in pictures))


def remarks_by_params(
    settings: Settings, folder: Path | None, params_of_pictures: Iterable[GenerationParams | None]
) -> tuple[str, ...]:
    """Say what `remarks_on_tagger` says of pictures whose parameters are read already."""
    from counterprompt.tagging.sessions import shared_reasons

    if folder or settings.tagger_folder:
        return shared_reasons()
    from counterprompt.miniature.reach import remark_on_tagger

    remarks = map(remark_on_tagger, params_of_pictures)
    return (*shared_reasons(), *islice(filter(None, remarks), 1))
