"""Prompts cut at their commas."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.prompts.terms import PromptTerm, split_segments, split_terms


@pytest.mark.parametrize(
    ("prompt", "terms"),
    [
        ("", []),
        (" , ,", []),
        ("red circle, white background", [("red circle", 1.0), ("white background", 1.0)]),
        ("(a, b:1.3), c", [("a", 1.3), ("b", 1.3), ("c", 1.0)]),
        ("a (red:1.3) circle", [("a red circle", 1.3)]),
        ("[dull] (bright:1.05) x", [("dull bright x", 1 / 1.1)]),  # the part farthest from 1
        ("long_hair，blue eyes、hat", [("long_hair", 1.0), ("blue eyes", 1.0), ("hat", 1.0)]),
        ("a BREAK b", [("a", 1.0), ("b", 1.0)]),
        ("a cat :0.5 AND a dog", [("a cat", 1.0), ("a dog", 1.0)]),
        ("a photo. It shows a cat.", [("a photo", 1.0), ("It shows a cat", 1.0)]),
        ("f1.8, v1.5", [("f1.8", 1.0), ("v1.5", 1.0)]),
        (r"ring \(medium\)", [("ring (medium)", 1.0)]),
        ("a, <lora:x:1>, b", [("a", 1.0), ("b", 1.0)]),
        ("[cat:dog:0.3], a", [("dog", 1.0), ("a", 1.0), ("cat", 1.0)]),
        ("a, a", [("a", 1.0)]),
        ("1girl, :3, smile", [("1girl", 1.0), (":3", 1.0), ("smile", 1.0)]),  # a booru tag, no weight
        ("a cat AND :0.5", [("a cat", 1.0)]),
        ("framed 16:9, a cat", [("framed 16:9", 1.0), ("a cat", 1.0)]),
    ],
)
def test_terms(prompt: str, terms: list[tuple[str, float]]) -> None:
    """Terms come without syntax, with their emphasis, each once."""
    split = split_terms(prompt)

    assert [text for text, _ in terms] == [term.text for term in split]
    assert [emphasis for _, emphasis in terms] == pytest.approx([term.emphasis for term in split])


def test_terms_are_values() -> None:
    """Equal terms are equal."""
    assert (PromptTerm("a", 1.0),) == split_terms("a")


@pytest.mark.parametrize(
    ("prompt", "segments"),
    [
        ("a,b", ("a", "b")),
        ("(a, b:1.2), [c, d:0.3],<lora:x:1>", ("(a, b:1.2)", " [c, d:0.3]", "<lora:x:1>")),
        (r"\(a, b", (r"\(a", " b")),
        ("", ("",)),
        ("a), b", ("a)", " b")),
        ("a <3, (x > y, z:1.2), b", ("a <3", " (x > y, z:1.2)", " b")),
        ("<lora:a(b,c:1>, d", ("<lora:a(b,c:1>", " d")),
    ],
)
def test_segments_keep_every_byte(prompt: str, segments: tuple[str, ...]) -> None:
    """Segments end at commas outside brackets, and joined they give the prompt."""
    assert segments == split_segments(prompt)
    assert prompt == ",".join(segments)


@settings(max_examples=80, deadline=None, database=None)
@given(st.text(alphabet="[]()<>:|,\\ab 0.5\nAND", max_size=30))
def test_every_prompt_is_read(prompt: str) -> None:
    """Of any prompt the terms hold text and the segments join to it again."""
    assert all(term.text.strip() for term in split_terms(prompt))
    assert prompt == ",".join(split_segments(prompt))
