"""What a comparison of prompts needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from counterprompt.bootstrap.comparisons import prepare_comparison
from counterprompt.bootstrap.generators import GeneratorChoice
from counterprompt.errors import InvalidInputError
from counterprompt.generation.fake import FakeGenerator
from counterprompt.ports import SilentProgress
from counterprompt.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_the_fake_generator_is_refused(tmp_path: Path) -> None:
    """Its pictures show nothing, so that no likeness could be measured."""
    picture = tmp_path / "picture.png"
    Image.new("RGB", (64, 64), "teal").save(picture)

    with pytest.raises(InvalidInputError, match="--generator miniature"):
        prepare_comparison(
            picture, "reproduce", GeneratorChoice("fake"), FakeGenerator(), Settings(tmp_path), SilentProgress()
        )
