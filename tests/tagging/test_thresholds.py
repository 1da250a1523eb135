"""Thresholds of taggers."""

import pytest

from counterprompt.errors import MissingModelError
from counterprompt.tagging.thresholds import TaggerThresholds, thresholds_for, widest_gap_threshold


@pytest.mark.parametrize(
    ("folder", "general"),
    [
        ("wd-eva02-large-tagger-v3", 0.5296),
        ("models--SmilingWolf--wd-vit-tagger-v3/snapshots/0123abcd", 0.2614),
        ("my-tagger", 0.35),
    ],
)
def test_known_models_bring_their_threshold(tmp_path, folder, general):
    """The folder's name tells a known model, also inside a hub cache; others get the usual threshold."""
    assert TaggerThresholds(general, 0.85) == thresholds_for(tmp_path / folder)


def test_folder_overrules(tmp_path):
    """The model's own file wins over the table, and may set single tags in either spelling."""
    folder = tmp_path / "wd-vit-tagger-v3"
    folder.mkdir()
    (folder / "thresholds.json").write_text('{"character": 0.6, "tags": {"bad_anatomy": 0.5}}')

    assert TaggerThresholds(0.2614, 0.6, {"bad anatomy": 0.5}) == thresholds_for(folder)


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        ("{", "cannot be read"),
        ("[]", "must be a JSON object"),
        ('{"general": "high"}', "must be numbers"),
        ('{"general": 1.5}', '"general" must lie within 0 to 1, not 1.5'),
        ('{"tags": {"smile": -1}}', '"smile" must lie within 0 to 1'),
        ('{"tags": [1]}', "must be numbers"),
    ],
)
def test_broken_file_is_refused(tmp_path, content, remark):
    """A broken thresholds file is named with what is wrong."""
    (tmp_path / "thresholds.json").write_text(content)

    with pytest.raises(MissingModelError, match=remark):
        thresholds_for(tmp_path)


@pytest.mark.parametrize(
    ("confidences", "expected"),
    [([0.9, 0.8, 0.2, 0.1], 0.5), ([0.1, 0.9], 0.5), ([0.04, 0.01], 0.05), ([0.7], 0.05), ([], 0.05)],
)
def test_widest_gap(confidences, expected):
    """The cut lies in the middle of the widest gap, but never below the floor."""
    assert pytest.approx(expected) == widest_gap_threshold(confidences)
