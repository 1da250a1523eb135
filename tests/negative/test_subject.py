"""Subjects, media and the layers they call for."""

import pytest

from counterprompt.negative.subject import Medium, Subject, layers_for, medium_of, subject_of


@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("a mountain landscape at sunset", Subject.LANDSCAPE),
        ("photo of a mountain lake, no humans", Subject.LANDSCAPE),
        ("1girl, solo, long_hair", Subject.PORTRAIT),
        ("an old woman in the mountains", Subject.PORTRAIT),
        ("portrait of a dog", Subject.PORTRAIT),
        ("blue person, white background", Subject.PORTRAIT),
        ("two cats on a sofa", Subject.ANIMAL),
        ("product shot of a perfume bottle", Subject.PRODUCT),
        ("a vintage motorcycle in a garage", Subject.COMPLEX_OBJECT),
        ("red circle, white background", Subject.OTHER),
        ("a carpet", Subject.OTHER),  # holds "car" and "pet" as letters only
        ("(girl:0), a forest", Subject.LANDSCAPE),  # emphasis 0 asks for nothing
        ("", Subject.OTHER),
    ],
)
def test_subjects(prompt: str, subject: Subject) -> None:
    """The subject is read from whole words; people come before what surrounds them."""
    assert subject is subject_of(prompt)


@pytest.mark.parametrize(
    ("prompt", "medium"),
    [
        ("a photo of a cat", Medium.PHOTO),
        ("dslr, 85mm, a cat", Medium.PHOTO),
        ("anime girl", Medium.ANIME),
        ("oil painting, realistic", Medium.PAINTING),
        ("octane render of a cube", Medium.RENDER),
        ("cartoon house", Medium.CARTOON),
        ("red circle", Medium.UNKNOWN),
    ],
)
def test_media(prompt: str, medium: Medium) -> None:
    """Drawn media win over realism, which describes them."""
    assert medium is medium_of(prompt)


@pytest.mark.parametrize(
    ("subject", "names"),
    [
        (Subject.LANDSCAPE, ["base", "style"]),
        (Subject.PORTRAIT, ["base", "structure", "style"]),
        (Subject.ANIMAL, ["base", "structure", "style"]),
        (Subject.COMPLEX_OBJECT, ["base", "structure", "style"]),
        (Subject.PRODUCT, ["base", "style"]),
        (Subject.OTHER, ["base", "style"]),
    ],
)
def test_layers_by_subject(subject: Subject, names: list[str]) -> None:
    """Only what has a body or many parts gets the structure layer."""
    assert names == [layer.name for layer in layers_for(subject, Medium.PHOTO)]


@pytest.mark.parametrize(
    ("medium", "pushed", "spared"),
    [
        (Medium.PHOTO, "anime", "photorealistic"),
        (Medium.ANIME, "photorealistic", "anime"),
        (Medium.PAINTING, "photograph", "painting"),
        (Medium.RENDER, "photograph", "3d render"),
        (Medium.UNKNOWN, "watermark", "painting"),
    ],
)
def test_style_follows_the_medium(medium: Medium, pushed: str, spared: str) -> None:
    """The style layer pushes other media away and spares its own."""
    style = layers_for(Subject.OTHER, medium)[-1]

    assert pushed in style.terms
    assert spared not in style.terms


def test_every_subject_and_medium_has_layers() -> None:
    """No pair is forgotten, and marks are pushed away always."""
    assert all("watermark" in layers_for(subject, medium)[-1].terms for subject in Subject for medium in Medium)
