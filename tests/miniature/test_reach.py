"""The miniature's models say where they know nothing."""

import pytest

from counterprompt.infotext.params import GenerationParams
from counterprompt.miniature.reach import is_miniature, remark_on_scorer, remark_on_tagger


@pytest.mark.parametrize(
    ("name", "expected"),
    [("miniature", True), ("miniature.safetensors [d0c0]", True), ("dream", False), ("", False), (None, False)],
)
def test_the_miniature_is_known_by_its_name(name, expected):
    """A file name or a WebUI's title that starts with it."""
    assert expected is is_miniature(name)


def test_a_picture_without_parameters_is_foreign():
    """Nobody says that it comes from the miniature, nor of one whose model is not named."""
    assert remark_on_tagger(None).count(".") == 1
    assert remark_on_tagger(GenerationParams("a cat"))
    assert not remark_on_tagger(GenerationParams("a cat", "", (("Model", "miniature"),)))


def test_a_foreign_model_is_named():
    """The sentence says whose pictures the scores are about."""
    assert "scores of dream mean little" in remark_on_scorer("dream")
    assert "" == remark_on_scorer("miniature")
