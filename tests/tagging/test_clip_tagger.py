"""The CLIP tagger, on texts and pictures whose similarity is known, and on the miniature's CLIP."""

import json
import math
import random

import numpy as np
import pytest
from PIL import Image

from counterprompt.miniature.checkpoint import assembled_folder
from counterprompt.miniature.drawing import draw
from counterprompt.miniature.labels import tags_of
from counterprompt.miniature.world import BACKGROUNDS, COLOURS, SHAPES, sample_scene
from counterprompt.tagging.clip_tagger import ClipTagger
from counterprompt.tagging.clip_terms import Term, TermGroup, TermList, read_terms

ANGLES = {"a dog": 0.0, "dog": 0.2, "a cat": 0.5, "a photo.": 0.9, "an image.": 1.0, "sharp": 1.5}
"""Direction of each text, in radians."""


class PlaneEmbedder:
    """Texts point where ANGLES says, pictures where the red of their first pixel says, in hundredths of a radian."""

    logit_scale = 10.0

    def __init__(self):
        self.texts = []

    def embed_pictures(self, images):
        """Embed each picture."""
        return _rows([image.getpixel((0, 0))[0] / 100 for image in images])

    def embed_texts(self, texts):
        """Embed each text."""
        self.texts += texts
        return _rows([ANGLES[text] for text in texts])


def _rows(angles):
    return np.array([[math.cos(angle), math.sin(angle)] for angle in angles], dtype=np.float32)


def _picture(hundredths):
    return Image.new("RGB", (2, 2), (hundredths, 0, 0))


def _tagger(*terms, is_one_of=False, threshold=0.5, scale=None):
    group = TermGroup("group", terms, is_one_of, threshold)
    embedder = PlaneEmbedder()
    return ClipTagger(lambda: embedder, TermList((group,), scale)), embedder


def _sigmoid(value):
    return 1 / (1 + math.exp(-value))


@pytest.mark.parametrize(("scale", "factor"), [(None, 10.0), (3.0, 3.0)])
def test_a_term_competes_with_neutral_texts(scale, factor):
    """The confidence is a softmax over scaled cosines, the term on one side, the mean of its rivals on the other."""
    tagger, _ = _tagger(Term("dog", ("a dog",), ("a photo.", "an image.")), scale=scale)

    ((found,),) = tagger.confidences([_picture(20)])

    rival = math.log((math.exp(factor * math.cos(0.7)) + math.exp(factor * math.cos(0.8))) / 2)
    assert pytest.approx(_sigmoid(factor * math.cos(0.2) - rival), abs=1e-5) == found


def test_one_antonym_makes_it_the_probe_of_clip_iqa():
    """With one text on each side it is the softmax over the pair."""
    tagger, _ = _tagger(Term("dog", ("a dog",), ("sharp",)))

    pair = np.exp([10 * math.cos(0.2), 10 * math.cos(1.3)])
    assert pytest.approx(pair[0] / pair.sum(), abs=1e-6) == tagger.confidences([_picture(20)])[0, 0]


def test_the_texts_of_a_term_are_averaged():
    """Several texts for one term give one direction between them, of unit length."""
    tagger, _ = _tagger(Term("dog", ("a dog", "dog"), ("sharp",)))

    expected = _sigmoid(10 * math.cos(0.1) - 10 * math.cos(1.3))
    assert pytest.approx(expected, abs=1e-5) == tagger.confidences([_picture(20)])[0, 0]


@pytest.mark.parametrize(("neutral", "total"), [((), 1.0), (("a photo.",), None)])
def test_terms_that_exclude_each_other_share_one_chance(neutral, total):
    """Of such terms the confidences add up to 1, or to less where they compete with "none of them" too."""
    tagger, _ = _tagger(Term("dog", ("a dog",), neutral), Term("cat", ("a cat",), neutral), is_one_of=True)

    (row,) = tagger.confidences([_picture(10)])

    powers = np.exp([10 * math.cos(0.1), 10 * math.cos(0.4), *([10 * math.cos(0.8)] if neutral else [])])
    assert pytest.approx((powers / powers.sum())[:2].tolist(), abs=1e-5) == row.tolist()
    assert total is None or pytest.approx(total) == row.sum()


def test_tags_pass_their_groups_threshold_in_order():
    """What reaches the threshold is a tag, the surest first; the vocabulary is the whole list."""
    terms = (
        Term("cat", ("a cat",), ("sharp",)),
        Term("dog", ("a dog",), ("sharp",)),
        Term("photo", ("sharp",), ("a dog",)),
    )
    tagger, _ = _tagger(*terms, threshold=0.9)

    (observed,) = tagger.tag([_picture(0)])

    assert ("dog", "cat") == observed.names()
    assert {"dog", "cat", "photo"} == observed.vocabulary == tagger.vocabulary


def test_texts_are_embedded_once_and_only_for_pictures():
    """Nothing is opened for no pictures; the texts are embedded with the first ones and never again."""
    tagger, embedder = _tagger(Term("dog", ("a dog",), ("sharp",)))
    assert [] == tagger.tag([])
    assert [] == embedder.texts

    for _ in range(3):
        tagger.tag([_picture(0), _picture(50)])

    assert ["a dog", "sharp"] == embedder.texts


def test_numbers_stay_finite():
    """Scales that overflow an exponential give 0 and 1."""
    tagger, _ = _tagger(Term("dog", ("a dog",), ("sharp",)), Term("cat", ("sharp",), ("a dog",)), scale=1e6)

    assert [1.0, 0.0] == tagger.confidences([_picture(0)])[0].tolist()


@pytest.fixture(scope="module")
def miniature_clip():
    """The miniature's CLIP."""
    pytest.importorskip("open_clip")
    from counterprompt.scoring.clip_folder import load_clip_folder
    from counterprompt.scoring.embedder import ClipEmbedder

    return ClipEmbedder(load_clip_folder(assembled_folder() / "clip"))


@pytest.fixture
def miniature_terms(tmp_path):
    """A term list in the words that the miniature's CLIP has read."""
    groups = [
        {"name": "colour", "one_of": True, "neutral": [], "templates": [f"{{}} {shape}" for shape in SHAPES]},
        {"name": "shape", "one_of": True, "neutral": [], "templates": [f"{colour} {{}}" for colour in COLOURS]},
        {"name": "background", "templates": ["{}"], "neutral": [""]},
        {"name": "faults", "neutral": [""], "threshold": 0.5},
    ]
    groups[0]["terms"], groups[1]["terms"] = list(COLOURS), list(SHAPES)
    groups[2]["terms"] = [f"{name} background" for name in BACKGROUNDS]
    groups[3]["terms"] = [{"term": "noisy", "texts": ["noisy", "grainy"], "against": ["masterpiece"]}]
    path = tmp_path / "terms.json"
    path.write_text(json.dumps({"threshold": 0.5, "groups": groups}))
    return read_terms(path)


def test_the_miniatures_clip_sees_what_is_drawn(miniature_clip, miniature_terms, tmp_path):
    """With fitting terms at least nine tags in ten are right, and as sure as they are right."""
    rng = random.Random(7)
    scenes = [sample_scene(rng) for _ in range(64)]
    tagger = ClipTagger(lambda: miniature_clip, miniature_terms, tmp_path / "cache")

    seen = tagger.tag([Image.fromarray(draw(scene)) for scene in scenes])

    pairs = [(tag.confidence, tag.name in tags_of(scene)) for scene, one in zip(scenes, seen) for tag in one.tags]
    right = sum(is_right for _, is_right in pairs)
    wanted = sum(name in tags_of(scene) for scene in scenes for name in tagger.vocabulary)
    assert 0.9 <= 2 * right / (len(pairs) + wanted)
    assert pytest.approx(right / len(pairs), abs=0.08) == np.mean([confidence for confidence, _ in pairs])
