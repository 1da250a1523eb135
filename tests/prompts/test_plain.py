"""Prompts without syntax."""

import pytest

from counterprompt.prompts.plain import plain_text


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("", ""),
        ("a (red:1.3) circle,  [white] background", "a red circle, white background"),
        ("a, <lora:x:1>, b", "a, b"),
        ("a BREAK b AND c", "a, b, c"),
        ("[cat:dog:0.3] on a mat", "dog on a mat"),
        (r"ring \(medium\)", "ring (medium)"),
        ("a cat :1.2 AND\na dog :0.8", "a cat, a dog"),
        ("a clock at 16:9", "a clock at 16:9"),
    ],
)
def test_only_words_stay(prompt: str, text: str) -> None:
    """Weights, tags, escapes and schedules are gone; of a schedule the longest-acting text stays."""
    assert text == plain_text(prompt)
