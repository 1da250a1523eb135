"""Whether two prompts are about much the same."""

from __future__ import annotations

import pytest

from counterprompt.negative.prompt_kinship import kindred_words, words_of


def test_only_words_that_tell_what_is_shown_count() -> None:
    """Colours, praise, LoRA tags, backgrounds and what is negated say nothing of the matter; plurals are folded."""
    prompt = "masterpiece, two red houses by the lake, (fog:0), soft lighting, sky background, <lora:castle:0.8>"

    assert {"two", "house", "lake"} == set(words_of(prompt))


@pytest.mark.parametrize(
    ("there", "here", "shared"),
    [
        ("a purple house", "a red house at night", ("house",)),
        ("a purple house", "a red circle", ()),
        ("house, garden, fountain", "a house", ("house",)),
        ("house, garden", "house, bridge", ()),
        ("house, garden, fountain", "house, garden, bridge", ("garden", "house")),
        ("a red one", "a blue one", ()),
        ("", "a house", ()),
    ],
)
def test_most_words_of_the_shorter_one_must_be_shared(there: str, here: str, shared: tuple[str, ...]) -> None:
    """Half is too little, and where nothing is said nothing is shared."""
    assert shared == kindred_words(words_of(there), words_of(here))
