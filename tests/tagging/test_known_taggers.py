"""The table of taggers."""

import re

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.tagging.known_taggers import KNOWN_TAGGERS, tagger_named


@pytest.mark.parametrize("tagger", KNOWN_TAGGERS.values(), ids=lambda tagger: tagger.name)
def test_each_is_pinned(tagger):
    """Every tagger of the table is pinned to a commit, and both its files to a hash."""
    assert re.fullmatch(r"[0-9a-f]{40}", tagger.revision)
    assert all(re.fullmatch(r"[0-9a-f]{64}", file.sha256) for file in (tagger.model, tagger.labels))
    assert f"SmilingWolf/{tagger.name}" == tagger.repo_id


@pytest.mark.parametrize("tagger", KNOWN_TAGGERS.values(), ids=lambda tagger: tagger.name)
def test_each_size_is_exact_or_rounded(tagger):
    """A size that a download is held to is never one that was rounded to megabytes."""
    assert 300e6 < tagger.size < 1300e6
    assert tagger.model.size % 1_000_000 != 0 or (tagger.model.size, tagger.size) == (0, tagger.rounded_size)


def test_no_two_share_a_model():
    """A hash that stands twice would be a slip of the pen."""
    assert len(KNOWN_TAGGERS) == len({tagger.model.sha256 for tagger in KNOWN_TAGGERS.values()})


@pytest.mark.parametrize("name", ["wd-vit-tagger-v3", " WD-ViT-Tagger-v3 ", "SmilingWolf/wd-vit-tagger-v3"])
def test_name_and_repository_mean_the_same(name):
    """A tagger of the table answers to its name and its repository."""
    assert KNOWN_TAGGERS["wd-vit-tagger-v3"] is tagger_named(name)


@pytest.mark.parametrize(
    ("name", "repo_id", "revision", "folder"),
    [
        ("maker/tagger", "maker/tagger", "main", "maker--tagger"),
        ("maker/tagger@v2.0", "maker/tagger", "v2.0", "maker--tagger--v2.0"),
        ("maker/tagger@refs/pr/1", "maker/tagger", "refs/pr/1", "maker--tagger--refs--pr--1"),
    ],
)
def test_any_repository_can_be_named(name, repo_id, revision, folder):
    """Another repository is taken at its head or at the revision named, with nothing known of its files."""
    tagger = tagger_named(name)

    assert (repo_id, revision, folder) == (tagger.repo_id, tagger.revision, tagger.name)
    assert (0, "") == (tagger.size, tagger.model.sha256)


@pytest.mark.parametrize(
    "name", ["", "wd-vit", "a/b/c", "../up/there", "maker/..", "maker/tagger@", "a b/c", "x" * 900]
)
def test_what_is_no_name_is_refused(name):
    """Anything else brings the list of names, in one sentence."""
    with pytest.raises(InvalidInputError, match=r"There is no tagger .*wd-vit-tagger-v3") as caught:
        tagger_named(name)

    assert len(str(caught.value)) < 700
