"""The WD tagger on a model that reads colours."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from counterprompt.errors import MissingModelError
from counterprompt.tagging.thresholds import TaggerThresholds
from counterprompt.tagging.wd import WdTagger, wd_pixels
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
    """The vocabulary spells every label with spaces, faces with their underscore, and travels with the tags."""
    tagger = WdTagger(tagger_folder)

    expected = {"general", "sensitive", "blue theme", "green theme", "red theme", "^_^", "hatsune miku"}
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


@pytest.mark.parametrize(
    ("thresholds", "expected"),
    [
        (TaggerThresholds(general=0.996), ("blue theme", "green theme", "red theme")),
        (TaggerThresholds(general=0.996, tags={"^_^": 0.5}), ("blue theme", "green theme", "red theme", "^_^")),
        (TaggerThresholds(general=1.0), ()),
    ],
)
def test_given_thresholds_rule(tagger_folder, thresholds, expected):
    """A tag passes its own threshold where it has one, else its category's."""
    (observed,) = WdTagger(tagger_folder, thresholds=thresholds).tag([_plain((200, 200, 200))])

    assert set(expected) == set(observed.names())


def test_widest_gap_replaces_the_general_threshold(tagger_folder):
    """With the widest gap, what stands clear of the rest passes, although it is below the threshold."""
    dull_blue, strict = _plain((95, 95, 122)), TaggerThresholds(general=0.95)

    assert () == WdTagger(tagger_folder, thresholds=strict).tag([dull_blue])[0].names()
    assert ("blue theme",) == WdTagger(tagger_folder, thresholds=strict, widest_gap=True).tag([dull_blue])[0].names()


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


def test_labels_of_another_model_are_refused(tagger_folder):
    """A label file with another number of rows than the model has outputs is refused."""
    with (tagger_folder / "selected_tags.csv").open("a") as stream:
        stream.write("6,smile,0,4\n")

    with pytest.raises(MissingModelError, match=r"gives 7 confidences, but its selected_tags\.csv lists 8 tags"):
        WdTagger(tagger_folder).tag([_plain("red")])


def test_wide_picture_is_padded_white_in_bgr():
    """A wide picture lies in the middle of a white square; the channels are blue, green, red."""
    pixels = wd_pixels(_plain((10, 20, 30), (4, 2)), 4)

    assert ((4, 4, 3), np.float32) == (pixels.shape, pixels.dtype)
    assert [255.0] * 3 == pixels[0, 0].tolist() == pixels[3, 3].tolist()
    assert [30.0, 20.0, 10.0] == pixels[1, 0].tolist() == pixels[2, 3].tolist()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_becomes_white(mode):
    """What is transparent counts as white."""
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0)).convert("LA" if mode == "LA" else "RGBA")
    if mode == "P":
        clear = Image.new("P", (4, 4), 0)
        clear.info["transparency"] = 0

    assert 255.0 == wd_pixels(clear, 4).min()
