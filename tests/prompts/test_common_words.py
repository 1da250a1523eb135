"""Everyday words against names."""

import pytest

from counterprompt.prompts.common_words import is_common


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("masterpiece", True),
        ("best quality", True),
        ("cinematic lighting", True),
        ("red background", True),
        ("dark blue lighting", True),
        ("greg rutkowski", False),
        ("red rutkowski", False),
        ("zxqv style", False),
    ],
)
def test_names_are_told_from_talk(text: str, expected: bool) -> None:
    """A text with one uncommon word may be a name."""
    assert expected is is_common(text)
