"""Each model's own thresholds."""

import pytest

from counterprompt.errors import MissingModelError
from counterprompt.tagging.labels import TagLabel
from counterprompt.tagging.model_thresholds import thresholds_for
from counterprompt.tagging.thresholds import TaggerThresholds
from counterprompt.tags.observed import TagCategory

CARD = "## Validation results\n`v2.0: P=R: threshold = 0.2614, F1 = 0.4402`  \n`v1.0: P=R: threshold = 0.2547`\n"


@pytest.mark.parametrize(
    ("folder", "general"),
    [
        ("wd-eva02-large-tagger-v3", 0.5296),
        ("wd-v1-4-vit-tagger-v2", 0.3537),
        ("WD-v1-4-MOAT-tagger-v2", 0.3771),
        ("models--SmilingWolf--wd-vit-tagger-v3/snapshots/0123abcd", 0.2614),
        ("my-tagger", 0.35),
    ],
)
def test_known_models_bring_their_threshold(tmp_path, folder, general):
    """The folder's name tells a known model, also inside a hub cache; others get the usual threshold."""
    assert TaggerThresholds(general, 0.85) == thresholds_for(tmp_path / folder)


@pytest.mark.parametrize(("card", "general"), [(CARD, 0.2614), ("threshold = 0.9", 0.35), ("", 0.35)])
def test_the_card_in_an_unknown_folder_is_read(tmp_path, card, general):
    """A model in a folder of any name says on its card what suits it, the newest version first."""
    (tmp_path / "README.md").write_text(card)

    assert general == thresholds_for(tmp_path).general


def test_folder_overrules(tmp_path):
    """The model's own file wins over the table, and may set single tags in either spelling."""
    folder = tmp_path / "wd-vit-tagger-v3"
    folder.mkdir()
    (folder / "thresholds.json").write_text('{"character": 0.6, "tags": {"bad_anatomy": 0.5}}')

    assert TaggerThresholds(0.2614, 0.6, {"bad anatomy": 0.5}) == thresholds_for(folder)


def test_what_came_with_the_model_is_used(tmp_path):
    """Thresholds of categories and of single tags, as newer models publish them; thresholds.json rules over both."""
    labels = [
        TagLabel("sky", TagCategory.GENERAL, 0.41),
        TagLabel("sea", TagCategory.GENERAL, 0.42),
        TagLabel("^_^", TagCategory.GENERAL),
    ]
    (tmp_path / "thresholds.csv").write_text("category,name,threshold\n0,general,0.3\n4,character,0.75\n")
    expected = TaggerThresholds(0.3, 0.75, {"sky": 0.41, "sea": 0.42})
    assert expected == thresholds_for(tmp_path, labels)

    (tmp_path / "thresholds.json").write_text('{"general": 0.2, "tags": {"sea": 0.9}}')

    assert TaggerThresholds(0.2, 0.75, {"sky": 0.41, "sea": 0.9}) == thresholds_for(tmp_path, labels)


@pytest.mark.parametrize(
    ("name", "content", "remark"),
    [
        ("thresholds.json", "{", "cannot be read"),
        ("thresholds.json", "[]", "must be a JSON object"),
        ("thresholds.json", '{"general": "high"}', "must be numbers"),
        ("thresholds.json", '{"general": 1.5}', '"general" must lie within 0 to 1, not 1.5'),
        ("thresholds.json", '{"tags": {"smile": -1}}', '"smile" must lie within 0 to 1'),
        ("thresholds.json", '{"tags": [1]}', "must be numbers"),
        ("thresholds.json", '{"general": 1' + "0" * 400 + "}", "must lie within 0 to 1"),
        ("thresholds.json", "[" * 100_000, "cannot be read"),
        ("thresholds.json", " " * ((1 << 20) + 1), "larger than 1 MiB"),
        ("thresholds.csv", "category\n0\n", "columns category and threshold"),
        ("thresholds.csv", "category,threshold\n0,high\n", "columns category and threshold"),
        ("thresholds.json", f'{{"tags": {{"smile": 1{"0" * 400}}}}}', "correct or remove .*thresholds.json"),
        ("thresholds.csv", "category,threshold\n0,3\n", '"general" must lie within 0 to 1, .* remove .*thresholds.csv'),
    ],
)
def test_broken_file_is_refused(tmp_path, name, content, remark):
    """A broken thresholds file is named with what is wrong."""
    (tmp_path / name).write_text(content)

    with pytest.raises(MissingModelError, match=remark):
        thresholds_for(tmp_path)
