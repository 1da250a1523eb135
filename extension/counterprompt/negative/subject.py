"""What a prompt is about and in which medium, and which layers that calls for."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from counterprompt.negative.layers import (
    ANIMAL_STRUCTURE_TERMS,
    BUILT_IN_LAYERS,
    MARK_TERMS,
    OBJECT_STRUCTURE_TERMS,
    STRUCTURE_TERMS,
    NegativeLayer,
)
from counterprompt.prompts.folding import fold_words
from counterprompt.prompts.terms import split_terms

if TYPE_CHECKING:
    from collections.abc import Mapping


class Subject(Enum):
    """What a picture shows, as far as the layers care."""

    PORTRAIT = "portrait"
    """One person or more, of any size."""
    ANIMAL = "animal"
    PRODUCT = "product"
    """A thing shown for its own sake, in a studio or an advertisement."""
    COMPLEX_OBJECT = "complex object"
    """A thing of many parts that a model gets wrong: a machine, a vehicle, an instrument."""
    LANDSCAPE = "landscape"
    OTHER = "other"
    """Nothing recognised: no structure layer."""


class Medium(Enum):
    """How the picture is made."""

    PHOTO = "photo"
    ANIME = "anime"
    PAINTING = "painting"
    RENDER = "3d render"
    CARTOON = "cartoon"
    UNKNOWN = "unknown"


_SUBJECT_WORDS: Final[Mapping[Subject, str]] = {
    Subject.PORTRAIT: (
        "portrait, selfie, headshot, person, people, man, woman, girl, boy, 1girl, 1boy, 2girls, 2boys, child,"
        " baby, lady, men, women, model, face, couple, bride, soldier, knight, wizard, princess, queen, king,"
        " dancer, warrior, nurse, doctor, actor, actress, elf, crowd, solo, astronaut, hero, heroine, stick"
        " figure, children"
    ),
    Subject.ANIMAL: (
        "animal, cat, dog, kitten, puppy, horse, bird, fish, lion, tiger, wolf, fox, bear, elephant, rabbit,"
        " deer, dragon, owl, eagle, butterfly, insect, cow, sheep, goat, pig, monkey, snake, turtle, frog,"
        " dinosaur, mouse, squirrel"
    ),
    Subject.PRODUCT: (
        "product, product shot, product photo, product photography, packshot, advertisement, bottle, perfume,"
        " cosmetics, sneaker, shoe, handbag, wristwatch, jewelry, packaging, smartphone, headphones, mug, can"
    ),
    Subject.COMPLEX_OBJECT: (
        "car, motorcycle, bicycle, bike, airplane, aircraft, helicopter, ship, spaceship, train, robot, mecha,"
        " machine, engine, clockwork, guitar, piano, violin, camera, tank, vehicle, truck, chair, castle, temple,"
        " cathedral"
    ),
    Subject.LANDSCAPE: (
        "landscape, scenery, mountain, valley, forest, beach, ocean, sea, lake, river, waterfall, desert, sunset,"
        " sunrise, cityscape, skyline, field, meadow, canyon, island, seascape, countryside, glacier, volcano, no"
        " humans"
    ),
}
"""Words by subject; of several the first row wins: a person in the mountains needs the structure layer."""

_MEDIUM_WORDS: Final[Mapping[Medium, str]] = {
    Medium.ANIME: "anime, manga, cel shading, source anime, anime coloring, visual novel, light novel illustration",
    Medium.PAINTING: (
        "painting, oil painting, watercolor, acrylic painting, gouache, illustration, drawing, sketch, ink wash,"
        " engraving, concept art, impressionism, digital art, digital painting, fresco, pastel, charcoal"
    ),
    Medium.CARTOON: "cartoon, comic, caricature, pixar style, disney style",
    Medium.RENDER: "3d render, 3d, octane render, unreal engine, blender, cgi, voxel art, low poly, isometric render",
    Medium.PHOTO: (
        "photo, photograph, photography, photorealistic, realistic photo, dslr, raw photo, 35mm, 50mm, 85mm,"
        " polaroid, film photo, analog photo, hyperrealistic, realistic, bokeh, f1.8, canon, nikon, headshot,"
        " selfie, product shot"
    ),
}
"""Words by medium; drawn media come first: "realistic painting" is a painting."""

_STYLE_TERMS: Final[Mapping[Medium, tuple[str, ...]]] = {
    Medium.PHOTO: ("painting", "illustration", "cartoon", "anime", "3d render"),
    Medium.ANIME: ("photorealistic", "realistic", "3d render"),
    Medium.PAINTING: ("photograph", "3d render"),
    Medium.RENDER: ("photograph", "painting", "sketch"),
    Medium.CARTOON: ("photorealistic", "realistic", "3d render"),
    Medium.UNKNOWN: (),
}
_STRUCTURE_TERMS: Final[Mapping[Subject, tuple[str, ...]]] = {
    Subject.PORTRAIT: STRUCTURE_TERMS,
    Subject.ANIMAL: ANIMAL_STRUCTURE_TERMS,
    Subject.COMPLEX_OBJECT: OBJECT_STRUCTURE_TERMS,
}


def subject_of(prompt: str) -> Subject:
    """Name what *prompt* is about; OTHER where no known word stands in it."""
    terms = [fold_words(term.text) for term in split_terms(prompt) if term.emphasis > 0]
    return next((subject for subject in _SUBJECT_WORDS if _names_any(terms, _SUBJECTS[subject])), Subject.OTHER)


def medium_of(prompt: str) -> Medium:
    """Name the medium that *prompt* asks for; UNKNOWN where it names none."""
    terms = [fold_words(term.text) for term in split_terms(prompt) if term.emphasis > 0]
    return next((medium for medium in _MEDIUM_WORDS if _names_any(terms, _MEDIA[medium])), Medium.UNKNOWN)


def layers_for(subject: Subject, medium: Medium) -> tuple[NegativeLayer, ...]:
    """Choose the layers (DESIGN 2): base and style always, structure for people, animals and complex objects.

    The style layer pushes other media away and always holds the marks that no medium wants; the dynamic layer, which
    evidence fills, is left to the caller.
    """
    base = next(layer for layer in BUILT_IN_LAYERS if layer.name == "base")
    structure = NegativeLayer("structure", _STRUCTURE_TERMS.get(subject, ()))
    style = NegativeLayer("style", (*_STYLE_TERMS[medium], *MARK_TERMS))
    return tuple(layer for layer in (base, structure, style) if layer.terms)


def _names_any(terms: list[tuple[str, ...]], phrases: frozenset[tuple[str, ...]]) -> bool:
    longest = max(map(len, phrases))
    for words in terms:
        for begin in range(len(words)):
            ends = range(begin + 1, min(len(words), begin + longest) + 1)
            if any(words[begin:end] in phrases for end in ends):
                return True
    return False


def _phrases(row: str) -> frozenset[tuple[str, ...]]:
    return frozenset(fold_words(word) for word in row.split(","))


_SUBJECTS: Final = {subject: _phrases(row) for subject, row in _SUBJECT_WORDS.items()}
_MEDIA: Final = {medium: _phrases(row) for medium, row in _MEDIUM_WORDS.items()}
