"""Which scorer is kept out of a study's objective and looks at the proof."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from counterprompt.bootstrap.scorer_extras import load_preference_of
from counterprompt.bootstrap.taggers import load_tagger
from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.places import expanded, is_place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.bootstrap.scorer_extras import ScorerExtras
    from counterprompt.ports import Auditor
    from counterprompt.scoring.clip_scorer import ClipScorer
    from counterprompt.settings import Settings

HEADS: Final[Mapping[str, str]] = MappingProxyType(
    {"laion-v1": "LAION v1", "laion-v2": "LAION v2", "laion-v2-ava": "LAION v2 (AVA and logos)"}
)
"""The public aesthetic heads as the command line spells them."""

TAGGER: Final = "tagger"
PROBES: Final = "probes:"
"""Begins a list of probes, such as "probes:watermark, bad anatomy"."""

FORMS: Final = f"hpsv2.1, pickscore, {', '.join(HEADS)}, tagger, probes:NAME,NAME or the file of an aesthetic head"

_LOW_THRESHOLD: Final = 0.01


def keep_out(
    scorer: ClipScorer, extras: ScorerExtras, settings: Settings, *, is_miniature: bool = False
) -> tuple[ClipScorer, Auditor]:
    """Return *scorer* without what *extras* name as the auditor, and that auditor, not tested yet.

    Args:
        scorer: the study's, before anything joins it.
        extras: what the user asked for; its auditor is one of `FORMS`.
        settings: the machine's.
        is_miniature: whether the miniature draws; its tagger is blind to other pictures.

    Raises:
        InvalidInputError: there is no such auditor, or it has a part in the objective that it cannot be kept out of.
        MissingModelError: its weights are not here, do not fit the scorer, or nothing would be left of the scorer.
        ScorerError: the settings name a device that is not here.
    """
    from counterprompt.scoring.preference_kinds import PREFERENCES

    wish = extras.auditor
    if wish in PREFERENCES:
        return scorer, _preference(wish, extras, settings)
    if wish == TAGGER:
        return scorer, _tagger(extras, settings, is_miniature=is_miniature)
    if wish.startswith(PROBES):
        return _without_probes(scorer, wish.removeprefix(PROBES))
    if wish in HEADS or is_place(expanded(Path(wish)), is_file=True):
        return _without_head(scorer, wish, settings)
    raise InvalidInputError(f"There is no auditor {wish!r}; give one of {FORMS}.")


def _preference(key: str, extras: ScorerExtras, settings: Settings) -> Auditor:
    from counterprompt.scoring.auditors import PreferenceAuditor
    from counterprompt.scoring.preference_kinds import preference_kind

    kind = preference_kind(key)
    if extras.preference == key:
        raise InvalidInputError(f"{kind.name} cannot steer the search and audit it; leave out --preference {key}.")
    return PreferenceAuditor(load_preference_of(settings, kind))


def _tagger(extras: ScorerExtras, settings: Settings, *, is_miniature: bool) -> Auditor:
    from counterprompt.scoring.auditors import TaggerAuditor

    if extras.has_tags:
        raise InvalidInputError("The tagger cannot steer the search and audit it; leave out --tag-artifacts.")
    folder = Path(extras.tagger) if extras.tagger else settings.tagger_folder
    if folder is None and not is_miniature:
        raise InvalidInputError(
            "The miniature's tagger cannot see defects in such pictures; name another one with --tagger."
        )
    return TaggerAuditor(load_tagger(settings, folder, general=_LOW_THRESHOLD))


def _without_probes(scorer: ClipScorer, wish: str) -> tuple[ClipScorer, Auditor]:
    from counterprompt.scoring.auditors import ProbeAuditor

    names = frozenset(name.strip() for name in wish.split(",") if name.strip())
    known = frozenset(scorer.probes.defects)
    if not names or not names <= known:
        strange = ", ".join(sorted(names - known)) or "nothing"
        raise InvalidInputError(
            f"The scorer has no probe for {strange}; name some of {', '.join(scorer.probes.defects)} after {PROBES}"
        )
    if names == known:
        raise InvalidInputError("With every probe kept out no artifact would be scored; leave one probe or more in.")
    kept_out = scorer.probes.without(known - names)
    reason = "It is kept out as the auditor."
    return scorer.without(dict.fromkeys(sorted(names), reason)), ProbeAuditor(kept_out, scorer.embedder)


def _without_head(scorer: ClipScorer, wish: str, settings: Settings) -> tuple[ClipScorer, Auditor]:
    from counterprompt.scoring.aesthetic import load_aesthetic_head
    from counterprompt.scoring.auditors import HeadAuditor
    from counterprompt.scoring.known_heads import KNOWN_HEADS

    if wish not in HEADS:
        head = load_aesthetic_head(expanded(Path(wish)), is_trusted=True)
        return scorer.without_head(head.name), HeadAuditor(head, scorer.embedder)
    own = next((head for head in scorer.heads if head.name == HEADS[wish]), None)
    if own is not None:
        return scorer.without_head(own.name), HeadAuditor(own, scorer.embedder)
    kind = next(each for each in KNOWN_HEADS if each.name == HEADS[wish])
    folders = (settings.scorers_folder, *settings.model_folders)
    path = next((folder / kind.file_name for folder in folders if (folder / kind.file_name).is_file()), None)
    if path is None:
        raise MissingModelError(
            f"The auditor {kind.name} ({kind.licence}) is not on this machine; download {kind.url} into {folders[0]}."
        )
    return scorer, HeadAuditor(load_aesthetic_head(path), scorer.embedder)
