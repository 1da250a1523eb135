"""Constructed cases for advice: a drawn picture, an infotext that fits it or not, an inventory, and the right advice.

The truth of a picture is its scene. An infotext is made from it and then spoilt in one way, so what is right follows by
construction. Of a far too long or too short prompt whose files are all here by hash nothing is right for sure (the very
prompt gives the very picture again, however long it is), so such cases come without that certainty.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from counterprompt.advice.hashes import FileHashes
from counterprompt.advice.inventory import InstalledFile, Inventory, ResourceKind
from counterprompt.advice.lora_training import LoraTraining
from counterprompt.miniature.case_values import AdviceCase, CaseKind, ExpectedAdvice
from counterprompt.miniature.spoiling import filler_terms, foreign_terms, say_content
from counterprompt.miniature.world import BACKGROUNDS, COLOURS, SHAPES, Scene, sample_scene
from counterprompt.prompts.families import ModelFamily

__all__ = ["HELD_OUT", "AdviceCase", "CaseKind", "ExpectedAdvice", "build_case", "build_cases"]

HELD_OUT: Final = 1_000_000
"""First seed of the cases that are kept for the last look."""

LONGEST_PROPOSAL: Final = 40
"""Terms that a prompt distilled from a far too long one may have."""

_CHECKPOINT: Final = "miniature"
_LORA_STYLES: Final = ("striped", "framed")
_CONTENT: Final = frozenset({*SHAPES, *COLOURS, *(f"{name} background" for name in BACKGROUNDS)})
_FIXED: Final = frozenset({"embedded"})
_MENDED: Final = frozenset({"merge", "reverse"})


@dataclass
class _Draft:
    """A case in the making."""

    rng: random.Random
    scene: Scene
    terms: list[str] = field(default_factory=list)
    model: str = _CHECKPOINT
    model_hash: str = ""
    lora_hashes: dict[str, str] = field(default_factory=dict)
    loras: list[InstalledFile] = field(default_factory=list)
    is_verified: bool = False
    """Whether the checkpoint is here by its hash."""


def build_case(kind: CaseKind, seed: int) -> AdviceCase:
    """Build the case of *kind* that *seed* gives, any integer."""
    rng = random.Random(f"{kind.name} {seed}")
    draft = _Draft(rng, sample_scene(rng, style=rng.choice(_LORA_STYLES) if kind is CaseKind.LORA else None))
    draft.model_hash = "".join(rng.choice("0123456789abcdef") for _ in range(10))
    expected = _SPOIL[kind](draft)
    prompt = ", ".join(draft.terms)
    verbatim = prompt if kind is CaseKind.FINE else None
    expected = replace(expected, verbatim=verbatim, untrue=_CONTENT - _truth(draft.scene))
    return AdviceCase(kind, seed, draft.scene, _infotext(draft, prompt), _inventory(draft), expected)


def build_cases(count: int, first_seed: int = 0) -> list[AdviceCase]:
    """Build *count* cases, the kinds in turn, from seeds *first_seed* on."""
    kinds = list(CaseKind)
    return [build_case(kinds[index % len(kinds)], first_seed + index // len(kinds)) for index in range(count)]


def _truth(scene: Scene) -> frozenset[str]:
    return frozenset({scene.shape, scene.colour, f"{scene.background} background"})


def _fine(draft: _Draft) -> ExpectedAdvice:
    draft.terms = say_content(draft.scene, draft.rng)
    draft.is_verified = draft.rng.random() < 0.6
    if draft.rng.random() < 0.3:
        style = draft.rng.choice(_LORA_STYLES)
        draft.scene = sample_scene(draft.rng, style=style)
        draft.terms = [*say_content(draft.scene, draft.rng), f"<lora:{style}:0.8>"]
        digest = "".join(draft.rng.choice("0123456789abcdef") for _ in range(12))
        draft.lora_hashes[style] = digest
        draft.loras.append(_lora(style, (style,), digest))
        draft.is_verified = True
    return ExpectedAdvice(_FIXED)


def _wrong(draft: _Draft) -> ExpectedAdvice:
    rng, scene = draft.rng, draft.scene
    kept = rng.choice([None, None, None, "shape", "background"])
    false = sample_scene(
        rng,
        style="plain",
        shape=scene.shape if kept == "shape" else rng.choice([name for name in SHAPES if name != scene.shape]),
        colour=rng.choice([name for name in COLOURS if name != scene.colour]),
        background=scene.background
        if kept == "background"
        else rng.choice([name for name in BACKGROUNDS if name != scene.background]),
    )
    draft.terms = say_content(false, rng)
    draft.is_verified = rng.random() < 0.3
    return ExpectedAdvice(_MENDED, _truth(scene), _truth(false) - _truth(scene))


def _long(draft: _Draft) -> ExpectedAdvice:
    content = say_content(draft.scene, draft.rng)
    filler = filler_terms(draft.rng.randint(44, 90), draft.rng)
    place = draft.rng.choice([0, len(filler) // 2, len(filler)])
    draft.terms = [*filler[:place], *content, *filler[place:]]
    return ExpectedAdvice(_MENDED, _truth(draft.scene), most_terms=LONGEST_PROPOSAL)


def _short(draft: _Draft) -> ExpectedAdvice:
    scene = draft.scene
    whole = [scene.shape, f"a {scene.shape}", scene.colour, f"{scene.background} background", "masterpiece"]
    draft.terms = [draft.rng.choice(whole)]
    return ExpectedAdvice(_MENDED, _truth(scene))


def _family(draft: _Draft) -> ExpectedAdvice:
    foreign, draft.model = foreign_terms(draft.rng)
    content = say_content(draft.scene, draft.rng)
    draft.terms = [*content, *foreign] if draft.rng.random() < 0.3 else [*foreign, *content]
    return ExpectedAdvice(_MENDED, _truth(draft.scene), frozenset(foreign))


def _missing_lora(draft: _Draft) -> ExpectedAdvice:
    style = draft.scene.style
    name = draft.rng.choice([style, f"{style}_v2", f"my-{style}-style"])
    weight = draft.rng.choice(["0.6", "0.8", "1"])
    draft.terms = [*say_content(draft.scene, draft.rng, with_style=False), f"<lora:{name}:{weight}>"]
    if draft.rng.random() < 0.5:
        draft.lora_hashes[name] = "".join(draft.rng.choice("0123456789abcdef") for _ in range(12))
    other = next(one for one in _LORA_STYLES if one != style)
    draft.loras.append(_lora(other, (other,), "0123456789ab"))
    return ExpectedAdvice(_MENDED, _truth(draft.scene) | {style}, frozenset({f"<lora:{name}"}))


_SPOIL: Final[dict[CaseKind, Callable[[_Draft], ExpectedAdvice]]] = {
    CaseKind.FINE: _fine,
    CaseKind.WRONG: _wrong,
    CaseKind.LONG: _long,
    CaseKind.SHORT: _short,
    CaseKind.FAMILY: _family,
    CaseKind.LORA: _missing_lora,
}


def _infotext(draft: _Draft, prompt: str) -> str:
    rng = draft.rng
    negative = rng.choice(["", "", "low quality", "blurry, watermark", "worst quality, low quality, noisy"])
    fields = [
        f"Steps: {rng.choice((20, 28, 30))}, Sampler: Euler, CFG scale: {rng.choice((5, 7, 8))}",
        f"Seed: {rng.randrange(2**32)}, Size: 64x64, Model hash: {draft.model_hash}, Model: {draft.model}",
    ]
    if draft.lora_hashes:
        fields.append('Lora hashes: "' + ", ".join(f"{name}: {one}" for name, one in draft.lora_hashes.items()) + '"')
    lines = [prompt, *([f"Negative prompt: {negative}"] if negative else []), ", ".join(fields)]
    return "\n".join(lines)


def _inventory(draft: _Draft) -> Inventory:
    """Nobody looked in a third of the cases in which nothing hangs on it."""
    needs_one = draft.is_verified or draft.loras or draft.model != _CHECKPOINT
    if not needs_one and draft.rng.random() < 0.33:
        return Inventory()
    other = draft.rng.choice(["", "0123456789"])
    hashes = FileHashes(sha256=draft.model_hash if draft.is_verified else other)
    checkpoint = InstalledFile(ResourceKind.CHECKPOINT, _CHECKPOINT, hashes=hashes, family=ModelFamily.SD15)
    return Inventory((checkpoint, *draft.loras), frozenset(ResourceKind), "a folder", _CHECKPOINT)


def _lora(name: str, tags: tuple[str, ...], digest: str) -> InstalledFile:
    training = LoraTraining(name, family=ModelFamily.SD15, tags=tuple((tag, 2000) for tag in tags))
    hashes = FileHashes(autov3=digest)
    return InstalledFile(ResourceKind.LORA, name, hashes=hashes, training=training, family=ModelFamily.SD15)
