"""Term lists of CLIP taggers."""

import json

import pytest

from counterprompt.errors import MissingModelError
from counterprompt.tagging.clip_terms import Term, TermGroup, TermList, read_terms


def _write(folder, content):
    path = folder / "terms.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_the_list_for_photographs_is_sound():
    """It has some hundred plain terms, lower case, none twice, each with a text and something to compete with."""
    terms = read_terms()

    assert 400 <= len(terms.names) == len(set(terms.names))
    assert all(name == name.lower().strip() and "_" not in name for name in terms.names)
    assert {"photograph", "golden hour", "dog", "backlight", "black and white", "wide shot"} <= set(terms.names)
    assert all(term.texts and "{}" not in "".join(term.texts) for group in terms.groups for term in group.terms)


def test_every_key_has_its_place(tmp_path):
    """Groups take what they lack from the list, terms from their group; an article belongs to the text alone."""
    path = _write(
        tmp_path,
        {
            "neutral": ["a photo."],
            "templates": ["a photo of {}.", "{}"],
            "scale": 20,
            "groups": [
                {"name": "animals", "terms": ["a Dog", "the  sea"]},
                {"name": "setting", "one_of": True, "neutral": [], "threshold": 0.6, "terms": ["indoors"]},
                {"name": "faults", "terms": [{"term": "blurry", "texts": ["a blur"], "against": ["sharp"]}]},
            ],
        },
    )

    assert read_terms(path) == TermList(
        (
            TermGroup(
                "animals",
                (
                    Term("dog", ("a photo of a dog.", "a dog"), ("a photo.",)),
                    Term("sea", ("a photo of the sea.", "the sea"), ("a photo.",)),
                ),
                False,
                0.9,
            ),
            TermGroup("setting", (Term("indoors", ("a photo of indoors.", "indoors"), ()),), True, 0.6),
            TermGroup("faults", (Term("blurry", ("a blur",), ("sharp",)),), False, 0.9),
        ),
        20.0,
    )


def test_each_text_is_embedded_once():
    """The texts of all terms and rivals come without repetition."""
    group = TermGroup("x", (Term("a", ("a", "b"), ("n",)), Term("b", ("b",), ("n",))), False, 0.5)

    assert ("a", "b", "n") == TermList((group,)).texts


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        ("{", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        (" " * ((1 << 20) + 1), "larger than 1 MiB"),
        ([], "not in its form"),
        ({}, "not in its form"),
        ({"groups": []}, "empty"),
        ({"groups": [{"name": "x", "terms": ["a dog", "dog"]}]}, "names a tag twice"),
        ({"groups": [{"name": "x", "terms": ["a, b"]}]}, "holds a comma"),
        ({"groups": [{"name": "x", "terms": [""]}]}, "empty or holds"),
        ({"groups": [{"name": "x", "terms": [7]}]}, "not in its form"),
        ({"groups": [{"name": "x", "neutral": "a photo", "terms": ["dog"]}]}, "no list of texts"),
        ({"groups": [{"name": "x", "neutral": [], "terms": ["dog"]}]}, "nothing that its terms compete with"),
        ({"groups": [{"name": "x", "threshold": 2, "terms": ["dog"]}]}, "must lie within 0 to 1"),
        ({"groups": [{"name": "x", "terms": ["dog"]}], "scale": 0}, "must be above 0"),
        ({"groups": [{"name": "x", "terms": ["dog"]}], "scale": 10**400}, "not in its form"),
    ],
)
def test_a_broken_list_is_refused(tmp_path, content, remark):
    """What is no term list is named with what is wrong."""
    with pytest.raises(MissingModelError, match=remark):
        read_terms(_write(tmp_path, content))


def test_a_missing_list_is_named(tmp_path):
    """A path that leads nowhere is named."""
    with pytest.raises(MissingModelError, match=r"gone\.json cannot be read"):
        read_terms(tmp_path / "gone.json")
