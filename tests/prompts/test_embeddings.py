"""Embeddings by name."""

import pytest

from counterprompt.prompts.embeddings import EmbeddingFinder, EmbeddingUse, find_embeddings
from counterprompt.prompts.nodes import EmbeddingName, Text

NAMES = ("EasyNegative", "bad-hands-5", "bad", "style (ink)", "ng_deep_v1", "")


@pytest.mark.parametrize(
    ("prompt", "uses"),
    [
        ("easynegative, cat", [("EasyNegative", 1.0)]),
        ("(EasyNegative:1.3)", [("EasyNegative", 1.3)]),
        ("bad-hands-5", [("bad-hands-5", 1.0)]),  # the longest name wins
        ("Bad - Hands - 5", [("bad-hands-5", 1.0)]),  # the tokenizer sees neither case nor spaces
        ("bad-hands-6", [("bad", 1.0)]),
        ("badly", []),
        (r"style \(ink\)", [("style (ink)", 1.0)]),
        ("style (ink)", []),  # unescaped brackets part it
        ("[cat:ng_deep_v1:0.5]", [("ng_deep_v1", 1.0)]),
        ("bad, bad, (bad)", [("bad", 1.0), ("bad", pytest.approx(1.1))]),
        ("", []),
    ],
)
def test_names_are_found_as_the_tokenizer_sees_them(prompt: str, uses: list[tuple[str, float]]) -> None:
    """Whole words count, whatever the case, each emphasis once."""
    assert uses == [(use.name, use.emphasis) for use in find_embeddings(prompt, NAMES)]


def test_no_names_find_nothing() -> None:
    """Without installed files every word is a word."""
    assert () == find_embeddings("easynegative", ())


def test_a_text_is_cut_at_its_embeddings() -> None:
    """The parts keep the prompt's own spelling."""
    parts = EmbeddingFinder(NAMES).cut("a easynegative,")

    assert (Text("a "), EmbeddingName("EasyNegative", "easynegative"), Text(",")) == parts
    assert EmbeddingUse("EasyNegative", 1.0) == find_embeddings("easyNEGATIVE", NAMES)[0]
