"""The demo's picture."""

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.generation.fake import FakeGenerator
from counterprompt.imagefile.read import read_picture
from counterprompt.miniature.demo import DEMO_REQUEST, draw_demo_picture
from counterprompt.miniature.reach import remark_on_tagger


def test_the_picture_is_read_back_as_it_was_asked_for(tmp_path):
    """Its infotext holds the prompts and settings, and names the miniature."""
    params = read_picture(draw_demo_picture(FakeGenerator(), tmp_path / "new")).params

    assert (DEMO_REQUEST.prompt, DEMO_REQUEST.negative_prompt) == (params.prompt, params.negative_prompt)
    assert (10, 7.0, 7, (64, 64)) == (params.steps, params.cfg_scale, params.seed, params.size)
    assert "" == remark_on_tagger(params)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    """A file in the way becomes one plain sentence."""
    (tmp_path / "file").write_text("")

    with pytest.raises(InvalidInputError, match="cannot be written"):
        draw_demo_picture(FakeGenerator(), tmp_path / "file")
