"""Picture sizes as the command line spells them."""

from __future__ import annotations

import pytest

from counterprompt.errors import InvalidInputError

parse_size = pytest.importorskip("counterprompt.cli.sizes").parse_size


@pytest.mark.parametrize(("text", "expected"), [(None, None), ("512x768", (512, 768)), ("64x64", (64, 64))])
def test_sizes_are_parsed(text: str | None, expected: tuple[int, int] | None):
    """WIDTHxHEIGHT gives two numbers."""
    assert expected == parse_size(text)


@pytest.mark.parametrize(
    "text", ["", "512", "512x", "x512", "512*512", "513x512", "8x8", "4096x512", "٥١٢x512", "-64x64"]
)
def test_other_sizes_are_refused(text: str):
    """Anything else names the value."""
    with pytest.raises(InvalidInputError, match="multiples of 8"):
        parse_size(text)
