"""The taggers that can be had by name: where they lie on the Hugging Face hub, pinned, with sizes and hashes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from counterprompt.errors import InvalidInputError
from counterprompt.tagging.labels import LABELS_NAME

MODEL_NAME: Final = "model.onnx"
PREPROCESS_NAME: Final = "preprocess.json"
"""Beside a model that does not take pictures as WD taggers do; see `preprocessing`."""
_REPO_ID: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}(@[\w./-]{1,128})?", re.ASCII)


@dataclass(frozen=True)
class HubFile:
    """One file of a repository on the hub."""

    name: str
    """Path within the repository, of one part: "model.onnx"."""
    size: int = 0
    """Bytes; 0 where it was never published, so that only the hub's own answer says it."""
    sha256: str = ""
    """64 lower-case hex digits; "" where it was never published, so that only the hub's own etag vouches for it."""


@dataclass(frozen=True)
class KnownTagger:
    """A tagger in the WD contract, as one revision of a repository on the hub."""

    name: str
    """What `--tagger` calls it, also the name of its folder."""
    repo_id: str
    """OWNER/NAME on the hub."""
    revision: str
    """A commit (40 hex digits) where it is pinned, else a branch or a tag."""
    model: HubFile
    """The ONNX file."""
    labels: HubFile
    """The label file."""

    extras: tuple[HubFile, ...] = ()
    """What else is fetched where the repository has it: without them its model would be used wrongly."""
    rounded_size: int = 0
    """Bytes of the model as its page shows them, in whole megabytes; 0 where unknown."""

    @property
    def size(self) -> int:
        """Bytes of the model, rounded to megabytes where the exact number was never published; 0 where unknown."""
        return self.model.size or self.rounded_size


_LABELS_V1: Final = HubFile(LABELS_NAME, sha256="898dbc30bec9a5173b5531fc9b3d6058ea79182832ec4a102facc33cae7669cd")
_LABELS_V2: Final = HubFile(LABELS_NAME, 253906, "8c8750600db36233a1b274ac88bd46289e588b338218c2e4c62bbc9f2b516368")
_LABELS_V3: Final = HubFile(LABELS_NAME, 308468, "298633d94d0031d2081c0893f29c82eab7f0df00b08483ba8f29d1e979441217")


def _wd(name: str, revision: str, size: int, sha256: str, labels: HubFile) -> KnownTagger:
    is_exact = size % 1_000_000 != 0
    model = HubFile(MODEL_NAME, size if is_exact else 0, sha256)
    return KnownTagger(name, f"SmilingWolf/{name}", revision, model, labels, rounded_size=round(size, -6))


_PINNED: Final = (
    _wd(
        "wd-vit-tagger-v3",
        "7f6b584d0bd3f55c4531f14ba3d4761b2bccdc0f",
        378536310,
        "35f23693620b668f4d53fd3c62bf65e40af739bc52c7eb0fbc49258b58d065b6",
        _LABELS_V3,
    ),
    _wd(
        "wd-convnext-tagger-v3",
        "d39e46de298d27340111b64965e20b8185c407e6",
        394990732,
        "1b8a7abf13d9b8368267df47501d523789c4aeae66b2296ad98483239dfa32eb",
        _LABELS_V3,
    ),
    _wd(
        "wd-swinv2-tagger-v3",
        "627aef95638667ddcaa3ac8ae625e88ea5b02f51",
        467460978,
        "e6774bff34d43bd49f75a47db4ef217dce701c9847b546523eb85ff6dbba1db1",
        _LABELS_V3,
    ),
    _wd(
        "wd-vit-large-tagger-v3",
        "ae469aa2e4706a3af08d3673cf73a11d1add314c",
        1260645673,
        "e4c8001b000a6c98f2db10794f7c406daa79873d071d6ca924330fa053fa1845",
        _LABELS_V3,
    ),
    _wd(
        "wd-eva02-large-tagger-v3",
        "b25b82a03f7282e41aa2f257a52c7583b710bd1c",
        1260435999,
        "9e768793060c7939b277ccb382783e8670e8a042d29d77aa736be0c8cc898bfc",
        _LABELS_V3,
    ),
    _wd(
        "wd-v1-4-moat-tagger-v2",
        "8452cddf280b952281b6e102411c50e981cb2908",
        326197340,
        "b8cef913be4c9e8d93f9f903e74271416502ce0b4b04df0ff1e2f00df488aa03",
        _LABELS_V2,
    ),
    _wd(
        "wd-v1-4-swinv2-tagger-v2",
        "cdb0c7fdc70646f0af29c6f80f8df564344a69b6",
        455_000_000,
        "04ec04fdf7db74b4fed7f4b52f52e04dec4dbad9e4d88d2d178f334079a29fde",
        _LABELS_V2,
    ),
    _wd(
        "wd-v1-4-convnextv2-tagger-v2",
        "dbd4dbe553ee51feb3bc745b614fb762080e3912",
        388_000_000,
        "e91daa19cd9e8725125b7d70702d1560855fb687f8d8c4218eddaa821f41834a",
        _LABELS_V2,
    ),
    _wd(
        "wd-v1-4-convnext-tagger-v2",
        "4b34d1b07bdd8e95494072648960b8a6adcbc0ff",
        388_000_000,
        "71f06ecb7b9df81d8f271da4d43997ea2ed363cdac29aa64fcb256c9631e656a",
        _LABELS_V2,
    ),
    _wd(
        "wd-v1-4-vit-tagger-v2",
        "1f3f3e8ae769634e31e1ef696df11ec37493e4f2",
        373_000_000,
        "8a21cadd1f88a095094cafbffe3028c3cc3d97f4d58c54344c5994bcf48e24ac",
        _LABELS_V2,
    ),
    _wd(
        "wd-v1-4-convnext-tagger",
        "4036ca51f1c082b0e7c4496890bbf9eadad5764a",
        377_000_000,
        "b7d7c9923e0056a2def0f4418df01a1274467b3da8480f146b851289257734de",
        _LABELS_V1,
    ),
    _wd(
        "wd-v1-4-vit-tagger",
        "213a7bd66d93407911b8217e806a95edc3593eed",
        365_000_000,
        "22e88a3226e427998fdf669bdbd035ee7040f3229796dd66ec35b8dd90e852b5",
        _LABELS_V1,
    ),
)

KNOWN_TAGGERS: Final = {tagger.name: tagger for tagger in _PINNED}
"""Name to tagger: SmilingWolf's families v3, v2 and v1 (all Apache-2.0 by their cards, where they state a licence).

Commits are the heads of the repositories as their pages show them (none has changed since 2024). Hashes and sizes are
those that several projects publish for the same commits; none was downloaded here. A wrong one would refuse a good
download and never let a bad one in."""


def tagger_named(name: str) -> KnownTagger:
    """Return the tagger of that name; "OWNER/NAME" or "OWNER/NAME@REVISION" names any other repository on the hub.

    An unknown repository is taken at its head ("main") and has neither size nor hash here.

    Raises:
        InvalidInputError: it is neither a name of the table nor a repository.
    """
    wanted = name.strip()
    for tagger in _PINNED:
        if wanted.lower() in {tagger.name, tagger.repo_id.lower()}:
            return tagger
    if not _REPO_ID.fullmatch(wanted) or ".." in wanted:
        raise InvalidInputError(
            f'There is no tagger "{name[:200]}"; name a folder, a repository as OWNER/NAME, or one of '
            f"{', '.join(KNOWN_TAGGERS)}."
        )
    repo_id, _, revision = wanted.partition("@")
    folder = wanted.replace("/", "--").replace("@", "--")
    extras = (HubFile(PREPROCESS_NAME), HubFile("thresholds.csv"))
    return KnownTagger(folder, repo_id, revision or "main", HubFile(MODEL_NAME), HubFile(LABELS_NAME), extras)
