"""The WD tagger on a model that reads colours."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterprompt.errors import MissingModelError
from counterprompt.memory import is_out_of_memory
from counterprompt.tagging.sessions import ModelSession
from counterprompt.tagging.thresholds import TaggerThresholds
from counterprompt.tagging.wd import WdTagger
from counterprompt.tags.observed import TagCategory


def _plain(colour, size=(16, 16)):
    return Image.new("RGB", size, colour)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ("blue", ("blue theme",)),  # would be "red theme" if the channels were RGB
        ("lime", ("green theme",)),
        ("red", ("red theme",)),
        ("black", ()),
        ("white", ("blue theme", "green theme", "red theme", "^_^")),
    ],
)
def test_colours_are_told_apart(tagger_folder, colour, expected):
    """The model is fed BGR from 0 to 255, and its confidences get the names of the label file."""
    (observed,) = WdTagger(tagger_folder).tag([_plain(colour)])

    assert set(expected) == set(observed.names())


def test_tags_are_ordered_and_carry_their_category(tagger_folder):
    """The most confident tag stands first; characters and the one rating keep their category."""
    (observed,) = WdTagger(tagger_folder).tag([_plain("cyan")])

    confidences = [tag.confidence for tag in observed.tags]
    assert sorted(confidences, reverse=True) == confidences
    assert ("hatsune miku",) == observed.names(TagCategory.CHARACTER)
    assert ("general",) == observed.names(TagCategory.RATING)


def test_only_the_likeliest_rating_is_given(tagger_folder):
    """Ratings compete: one is given whatever the thresholds are."""
    ratings = [
        observed.names(TagCategory.RATING) for observed in WdTagger(tagger_folder).tag([_plain("red"), _plain("black")])
    ]

    assert [("sensitive",), ("general",)] == ratings


def test_vocabulary_is_every_label(tagger_folder):
    """The vocabulary spells every label but ratings with spaces, faces as they are, and travels with the tags."""
    tagger = WdTagger(tagger_folder)

    expected = {"blue theme", "green theme", "red theme", "^_^", "hatsune miku"}
    assert expected == tagger.vocabulary == tagger.tag([_plain("red")])[0].vocabulary


@pytest.mark.parametrize("model", ["colour_tagger.onnx", "colour_tagger_batch2.onnx"])
@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_any_number_of_pictures(tagger_folder, model, count):
    """A free and a fixed batch dimension give the same answers, for any number of pictures."""
    shutil.copy(Path(__file__).parent / model, tagger_folder / "model.onnx")
    colours = ["blue", "lime", "red", "white", "black"][:count]
    tagger = WdTagger(tagger_folder, batch_size=3)

    together = tagger.confidences([_plain(colour) for colour in colours])

    assert (count, 7) == together.shape
    for row, colour in enumerate(colours):
        np.testing.assert_allclose(together[row], tagger.confidences([_plain(colour)])[0], atol=1e-6)


def test_model_is_opened_on_first_use(tagger_folder):
    """Building a tagger reads the labels only; a broken model shows when the first picture comes."""
    (tagger_folder / "model.onnx").write_bytes(b"not a model")
    tagger = WdTagger(tagger_folder)

    with pytest.raises(MissingModelError, match=r"model\.onnx cannot be loaded") as caught:
        tagger.tag([_plain("red")])

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("missing", "remark"),
    [("", "no tagger folder"), ("model.onnx", r"holds no model\.onnx"), ("selected_tags.csv", r"selected_tags\.csv")],
)
def test_missing_file_is_named(tagger_folder, missing, remark):
    """A missing folder, model or label file is named before any picture is read."""
    (tagger_folder / missing).unlink() if missing else shutil.rmtree(tagger_folder)

    with pytest.raises(MissingModelError, match=remark):
        WdTagger(tagger_folder)


def test_a_model_of_an_unclear_contract_is_refused(tagger_folder):
    """A folder that says something unknown of how its pictures are prepared would give plausible nonsense."""
    (tagger_folder / "preprocess.json").write_text("{}")

    with pytest.raises(MissingModelError, match=r"preprocess\.json cannot be used"):
        WdTagger(tagger_folder)


def test_the_folders_thresholds_rule_unless_others_are_given(tagger_folder):
    """A tag needs what the folder's thresholds.json asks, or what the caller asks instead."""
    (tagger_folder / "thresholds.json").write_text('{"general": 1.0, "tags": {"blue_theme": 0.9}}')
    cyan = _plain("cyan")

    assert ("blue theme",) == WdTagger(tagger_folder).tag([cyan])[0].names()
    given = WdTagger(tagger_folder, thresholds=TaggerThresholds(general=0.99)).tag([cyan])[0].names()
    assert ("blue theme", "green theme") == given


def test_labels_of_another_model_are_refused(tagger_folder):
    """A label file with another number of rows than the model has outputs is refused."""
    with (tagger_folder / "selected_tags.csv").open("a") as stream:
        stream.write("6,smile,0,4\n")

    with pytest.raises(MissingModelError, match=r"gives 7 confidences, but its selected_tags\.csv lists 8 tags"):
        WdTagger(tagger_folder).tag([_plain("red")])


def test_a_model_that_fails_is_named(tagger_folder):
    """What onnxruntime raises is no RuntimeError; that memory ran out is still seen by whoever can ask for fewer."""

    class FullSession(ModelSession):
        def run(self, names, feeds):
            raise type("Fail", (Exception,), {})("[ONNXRuntimeError] : 1 : FAIL : Failed to allocate memory for 9 GB")

    tagger = WdTagger(tagger_folder, open_session=FullSession)

    with pytest.raises(MissingModelError, match=r"failed \(.*\); close other programs") as caught:
        tagger.tag([_plain((255, 0, 0))] * 2)

    assert str(tagger_folder) in str(caught.value)
    assert is_out_of_memory(caught.value)
