"""What joins a study's scorer where the user asks for it: a preference model, and the tagger's defect tags."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterprompt.bootstrap.taggers import load_tagger
from counterprompt.errors import InvalidInputError, MissingModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from counterprompt.ports import Scorer
    from counterprompt.scoring.preference import PreferenceModel
    from counterprompt.scoring.preference_kinds import PreferenceKind
    from counterprompt.settings import Settings

_LOW_THRESHOLD: Final = 0.01
"""Least confidence of a defect tag: a signal that jumps from 0 to the usual threshold could not be followed."""


@dataclass(frozen=True)
class ScorerExtras:
    """What joins a scorer. Holds no secret, so that it can be written down with the study."""

    preference: str = ""
    """Key of a preference model (see `scoring.preference`), or "" for none."""
    has_tags: bool = False
    """Whether the tagger's defect tags on generated pictures count as artifacts."""
    tagger: str = ""
    """That tagger's folder, file or name; "" for the settings', else the miniature's."""
    auditor: str = ""
    """What is kept out of the objective and looks at the proof (see `bootstrap.auditors`), or "" for nothing."""
    has_evidence: bool = False
    """Whether that tagger looks for defects on generated pictures, to offer words against them."""

    @classmethod
    def of(
        cls, preference: str, has_tags: bool, tagger: Path | None, auditor: str = "", has_evidence: bool = False
    ) -> ScorerExtras:
        """Return the extras of a new study; paths are made to hold wherever the study is resumed from."""
        if auditor and Path(auditor).is_file():
            auditor = str(Path(auditor).absolute())
        if not ((has_tags or has_evidence or auditor == "tagger") and tagger):
            return cls(preference, has_tags, auditor=auditor, has_evidence=has_evidence)
        named = str(tagger.absolute() if tagger.exists() else tagger)
        return cls(preference, has_tags, named, auditor, has_evidence)

    def with_evidence(self, tagger: Path | None) -> ScorerExtras:
        """Return a copy whose tagger, without one *tagger*, also looks for defects on generated pictures."""
        named = Path(self.tagger) if self.tagger else tagger
        return ScorerExtras.of(self.preference, self.has_tags, named, self.auditor, has_evidence=True)

    def notes(self) -> dict[str, str]:
        """Return what a resumed study needs to find them again; nothing where there are none."""
        found = {
            "preference": self.preference,
            "tags": "yes" if self.has_tags else "",
            "tags_of": self.tagger,
            "auditor": self.auditor,
            "evidence": "yes" if self.has_evidence else "",
        }
        return {name: text for name, text in found.items() if text}

    @classmethod
    def from_notes(cls, notes: Mapping[str, str]) -> ScorerExtras:
        """Read the extras back from a study's notes."""
        preference, tagger, auditor = (notes.get(name, "") for name in ("preference", "tags_of", "auditor"))
        return cls(preference, bool(notes.get("tags")), tagger, auditor, bool(notes.get("evidence")))


NO_EXTRAS: Final = ScorerExtras()


def add_extras(scorer: Scorer, extras: ScorerExtras, settings: Settings, *, is_miniature: bool = False) -> Scorer:
    """Return *scorer* joined by what *extras* name, not tested yet.

    Args:
        scorer: the study's.
        extras: what joins it.
        settings: the machine's.
        is_miniature: whether the miniature draws; its tagger is blind to other pictures.

    Raises:
        InvalidInputError: there is no such preference model, or no tagger is named that knows such pictures.
        MissingModelError: its weights or the tagger are not here.
        ScorerError: the settings name a device that is not here.
    """
    joined = scorer
    if extras.has_tags:
        from counterprompt.scoring.tagged_scorer import TaggedScorer

        folder = Path(extras.tagger) if extras.tagger else None
        if folder is None and not is_miniature:
            raise InvalidInputError(
                "The miniature's tagger cannot see defects in such pictures; name another one with --tagger."
            )
        joined = TaggedScorer(joined, load_tagger(settings, folder, general=_LOW_THRESHOLD))
    if extras.preference:
        from counterprompt.scoring.preference_kinds import preference_kind
        from counterprompt.scoring.preference_scorer import PreferenceScorer

        joined = PreferenceScorer(joined, load_preference_of(settings, preference_kind(extras.preference)))
    return joined


def load_preference_of(settings: Settings, kind: PreferenceKind) -> PreferenceModel:
    """Return the preference model of *kind*, on the device and in the numbers that the *settings* name.

    Raises:
        MissingModelError: its weights are not here.
        ScorerError: the settings name a device that is not here, or what it cannot reckon in.
    """
    from counterprompt.scoring.guest import pick_device, pick_precision
    from counterprompt.scoring.preference import load_preference

    path = find_preference(settings, kind)
    if path is None:
        raise MissingModelError(how_to_get(settings, kind))
    device = pick_device(settings.scorer_device)
    return load_preference(kind, path, device=device, precision=pick_precision(settings.scorer_precision, device))


def find_preference(
    settings: Settings, kind: PreferenceKind, environment: Mapping[str, str] = os.environ
) -> Path | None:
    """Return where the weights of *kind* lie on this machine, or None."""
    return next((path for path in _places(settings, kind, environment) if path.is_file()), None)


def how_to_get(settings: Settings, kind: PreferenceKind) -> str:
    """Say where the weights of *kind* come from and where they go."""
    return (
        f"The weights of {kind.name} ({kind.licence}) are not on this machine; download {kind.file_name} from "
        f"{settings.hf_endpoint}/{kind.repository} into {settings.scorers_folder / kind.key}."
    )


def preference_answer(settings: Settings) -> dict[str, dict[str, object]]:
    """Say of each preference model where its weights are, or how to get them."""
    from counterprompt.scoring.preference_kinds import PREFERENCES

    found = {key: find_preference(settings, kind) for key, kind in PREFERENCES.items()}
    return {
        key: {
            "name": kind.name,
            "licence": kind.licence,
            "present": found[key] is not None,
            "path": str(found[key] or settings.scorers_folder / key / kind.file_name),
        }
        for key, kind in PREFERENCES.items()
    }


def remarks_on(scorer: Scorer) -> tuple[str, ...]:
    """Say what became of the card that *scorer* was to work on, one sentence each; usually nothing."""
    from counterprompt.scoring.filtered import remarks_of

    return remarks_of(scorer)


def _places(settings: Settings, kind: PreferenceKind, environment: Mapping[str, str]) -> Iterator[Path]:
    """Give our own folder, the user's model folders, the hub's caches, and where the hpsv2 package keeps its file."""
    from counterprompt.tagging.tagger_places import hub_caches

    repository = kind.repository.split("/")[-1]
    yield settings.scorers_folder / kind.key / kind.file_name
    for folder in settings.model_folders:
        yield folder / repository / kind.file_name
    for place in hub_caches(environment, Path.home()):
        snapshots = place.path / f"models--{kind.repository.replace('/', '--')}" / "snapshots"
        yield from sorted(snapshots.glob(f"*/{kind.file_name}"))
    yield Path(environment.get("HPS_ROOT") or Path.home() / ".cache" / "hpsv2") / kind.file_name
