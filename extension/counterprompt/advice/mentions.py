"""Mentions: every model file that the embedded parameters name, with the hash they give for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from counterprompt.advice.civitai_fields import Hashes, files_by_civitai, hashes_by_civitai
from counterprompt.advice.hashes import WrittenHash, read_hash
from counterprompt.advice.inventory import ResourceKind, fold_name
from counterprompt.prompts.extra_networks import LORA_KINDS, find_extra_networks, strip_extra_networks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from counterprompt.infotext.params import GenerationParams

MOST_MENTIONS: Final = 200
"""Files that one picture is believed to need; what comes after is left out."""

_LONGEST_NAME: Final = 300
_NAME_AND_HASH = re.compile(r"(.*?)\s*[(\[]([0-9a-fA-F]{8,64})[)\]]\s*")
_NOTHING: Final = frozenset({"", "none", "automatic"})
_CHECKPOINT_FIELDS: Final = ("Refiner", "Hires checkpoint")
_ADDNET_FIELD = re.compile(r"AddNet Model [0-9]+")


@dataclass(frozen=True)
class ResourceMention:
    """One model file that made the picture."""

    kind: ResourceKind
    name: str
    """As written; "" where only a hash is given."""
    written: WrittenHash | None = None
    """The hash that is given; None where there is none, or the hash of nothing."""
    is_title: bool = False
    """Whether the name is a title on a web page, which need not be any file's name."""


def find_mentions(params: GenerationParams, embedding_names: Iterable[str] = ()) -> tuple[ResourceMention, ...]:
    """List what made the picture: checkpoints first, then LoRAs, embeddings, VAE and hypernetworks, each once.

    Read are the tags of the prompt, the fields Model, VAE, Lora hashes, TI hashes, Hashes (JSON), Civitai resources
    (JSON), Refiner, Hires checkpoint, Hypernet and AddNet Model, each with its hash.

    Args:
        params: the embedded parameters.
        embedding_names: embeddings that are here; those whose name stands in a prompt are listed too.

    Raises:
        InvalidInputError: the prompt is longer than 100,000 characters.
    """
    hashes = hashes_by_civitai(params)
    mentions: dict[tuple[ResourceKind, str], ResourceMention] = {}
    for mention in (
        *_checkpoints(params, hashes),
        *_loras(params, hashes),
        *_embeddings(params, hashes, embedding_names),
        *_others(params, hashes),
    ):
        _add(mentions, mention)
    known = {mention.kind for mention in mentions.values()}
    for kind, title, written in files_by_civitai(params):
        # Titles tell nothing new about kinds that the infotext names by file.
        if kind not in known:
            _add(mentions, ResourceMention(kind, title, written, True))
    order = list(ResourceKind)
    return tuple(sorted(mentions.values(), key=lambda mention: order.index(mention.kind))[:MOST_MENTIONS])


def _add(mentions: dict[tuple[ResourceKind, str], ResourceMention], mention: ResourceMention) -> None:
    key = (mention.kind, fold_name(mention.name))
    if len(mention.name) > _LONGEST_NAME or not (key[1] or mention.written):
        return
    if key not in mentions or (mention.written and not mentions[key].written):
        mentions[key] = mention


def _checkpoints(params: GenerationParams, hashes: Hashes) -> Iterator[ResourceMention]:
    kind = ResourceKind.CHECKPOINT
    written = read_hash(params.model_hash) or hashes.get((kind, ""))
    yield ResourceMention(kind, params.model_name or "", written)
    for label in _CHECKPOINT_FIELDS:
        yield _named(kind, params.text(label))


def _loras(params: GenerationParams, hashes: Hashes) -> Iterator[ResourceMention]:
    kind = ResourceKind.LORA
    written = {fold_name(name): read_hash(text) for name, text in params.lora_hashes.items()}
    prompts = (params.prompt, params.text("Hires prompt") or "")
    tags = [tag.name for prompt in prompts for tag in find_extra_networks(prompt) if tag.kind in LORA_KINDS]
    for name in (*tags, *params.lora_hashes):
        yield ResourceMention(kind, name, written.get(fold_name(name)) or hashes.get((kind, fold_name(name))))
    for label, text in params.fields:
        if _ADDNET_FIELD.fullmatch(label):
            yield _named(kind, text)


def _embeddings(params: GenerationParams, hashes: Hashes, names: Iterable[str]) -> Iterator[ResourceMention]:
    kind = ResourceKind.EMBEDDING
    for name, text in params.embedding_hashes.items():
        yield ResourceMention(kind, name, read_hash(text))
    prompts = f"{strip_extra_networks(params.prompt)}\n{params.negative_prompt}".casefold()
    for name in names:
        if _stands_in(prompts, name.casefold()):
            yield ResourceMention(kind, name, hashes.get((kind, fold_name(name))))
    for (hashed_kind, name), written in hashes.items():
        if hashed_kind is kind and name:
            yield ResourceMention(kind, name, written)


def _others(params: GenerationParams, hashes: Hashes) -> Iterator[ResourceMention]:
    written = read_hash(params.vae_hash) or hashes.get((ResourceKind.VAE, ""))
    yield ResourceMention(ResourceKind.VAE, _unless_nothing(params.vae_name), written)
    yield _named(ResourceKind.HYPERNETWORK, params.text("Hypernet"))
    for tag in find_extra_networks(params.prompt):
        if tag.kind == "hypernet":
            yield ResourceMention(ResourceKind.HYPERNETWORK, tag.name)


def _named(kind: ResourceKind, text: str | None) -> ResourceMention:
    """Read "name", "name [hash]" or "name(hash)"."""
    name = _unless_nothing(text)
    found = _NAME_AND_HASH.fullmatch(name) if len(name) <= _LONGEST_NAME else None
    return ResourceMention(kind, found[1], read_hash(found[2])) if found else ResourceMention(kind, name)


def _unless_nothing(name: str | None) -> str:
    return "" if (name or "").strip().casefold() in _NOTHING else (name or "").strip()


def _stands_in(text: str, name: str) -> bool:
    """Whether *name* stands in *text* as words of its own, as A1111 finds embeddings among the tokens of a prompt."""
    begin = text.find(name) if name else -1
    while begin >= 0:
        around = (text[begin - 1 : begin], text[begin + len(name) : begin + len(name) + 1])
        if not any(sign.isalnum() or sign == "_" for sign in around):
            return True
        begin = text.find(name, begin + 1)
    return False
