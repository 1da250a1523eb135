"""What is kept of a model file's header: family, claimed hashes, and what a LoRA was trained on."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from counterprompt.advice.hashes import read_hash
from counterprompt.advice.lora_training import LoraTraining, read_training
from counterprompt.advice.model_family import family_of_file
from counterprompt.prompts.families import ModelFamily

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_KEPT = ("output_name", "title", "base_model", "trigger", "tags")
_CLAIMS = ("sshs_model_hash", "sshs_legacy_hash", "modelspec.hash_sha256")


@dataclass(frozen=True)
class HeaderFacts:
    """What a header says that matters here."""

    family: ModelFamily = ModelFamily.UNKNOWN
    """The family of the file."""
    claimed: tuple[str, ...] = ()
    """Hashes that the header claims, in lower case."""
    training: LoraTraining | None = None
    """For LoRAs."""


def facts_of(metadata: Mapping[str, str], name: str, *, is_lora: bool, tensor_names: Sequence[str] = ()) -> HeaderFacts:
    """Distil the header of the file *name*."""
    family = family_of_file(metadata, name, tensor_names)
    claims = (read_hash(metadata.get(key)) for key in _CLAIMS)
    training = replace(read_training(metadata, name), family=family) if is_lora else None
    return HeaderFacts(family, tuple(claim.digits for claim in claims if claim), training)


def render_facts(facts: HeaderFacts) -> str:
    """Render *facts* as JSON for the cache."""
    # Not dataclasses.asdict, which copies every tag deeply: there may be thousands of LoRAs.
    training = {name: getattr(facts.training, name) for name in _KEPT} if facts.training else None
    return json.dumps({"family": facts.family.name, "claimed": facts.claimed, "training": training})


def parse_facts(text: str) -> HeaderFacts | None:
    """Parse what `render_facts` wrote; None where it is anything else."""
    try:
        said: dict[str, Any] = json.loads(text)
        family = ModelFamily[said["family"]]
        training = said["training"]
        if training is not None:
            tags = tuple((str(tag), int(count)) for tag, count in training["tags"])
            texts = {name: str(training[name]) for name in _KEPT if name != "tags"}
            training = LoraTraining(family=family, tags=tags, **texts)
        return HeaderFacts(family, tuple(map(str, said["claimed"])), training)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
