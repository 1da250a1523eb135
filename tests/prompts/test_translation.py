"""Translating prompts between families."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterprompt.prompts.families import ModelFamily, is_foreign
from counterprompt.prompts.terms import split_terms
from counterprompt.prompts.translation import ChangeAction, TermChange, translate_prompt

SD15, SDXL, PONY = ModelFamily.SD15, ModelFamily.SDXL, ModelFamily.PONY
ILLUSTRIOUS, FLUX, UNKNOWN = ModelFamily.ILLUSTRIOUS, ModelFamily.FLUX, ModelFamily.UNKNOWN

REAL = {
    SD15: (
        "(masterpiece, best quality:1.2), 1girl, solo, long_hair, absurdres, <lora:add_detail:0.6>",
        "(worst quality:1.4), lowres, EasyNegative, badhandv4",
    ),
    SDXL: (
        "cinematic photo of a lighthouse, <lora:sdxl_detail:0.5>, dramatic sky",
        "worst quality, blurry, unaestheticXLv31",
    ),
    PONY: (
        "score_9, score_8_up, (score_7_up), source_anime, 1girl, red hair, rating_safe, pony style",
        "score_6, score_5, score_4, source_pony, text",
    ),
    ILLUSTRIOUS: (
        "masterpiece, best quality, newest, absurdres, very awa, 1girl, [smile:grin:0.5], year 2023",
        "worst quality, old, early, displeasing, signature",
    ),
    FLUX: ("A red fox sleeps in fresh snow under a birch, morning light.", ""),
}
"""A usual prompt and negative prompt of each family."""

SCORES = "score_9, score_8_up, score_7_up"
EXPECTED = {
    (SD15, SDXL): (
        "(masterpiece, best quality:1.2), 1girl, solo, long_hair, absurdres",
        "(worst quality:1.4), lowres, low quality, bad hands",
    ),
    (SD15, PONY): (f"({SCORES}:1.2), 1girl, solo, long_hair", "(score_6, score_5, score_4:1.4), lowres, bad hands"),
    (SD15, ILLUSTRIOUS): (
        "(masterpiece, best quality:1.2), 1girl, solo, long_hair, absurdres",
        "(worst quality:1.4), lowres, low quality, bad hands",
    ),
    (SD15, FLUX): ("a girl, long hair", ""),
    (SDXL, SD15): ("cinematic photo of a lighthouse, dramatic sky", "worst quality, blurry, low quality"),
    (SDXL, PONY): (f"{SCORES}, {REAL[SDXL][0]}", "score_6, score_5, score_4, blurry, unaestheticXLv31"),
    (SDXL, ILLUSTRIOUS): REAL[SDXL],
    (SDXL, FLUX): ("cinematic photo of a lighthouse, dramatic sky", ""),
    (PONY, SD15): (
        "masterpiece, best quality, anime, 1girl, red hair",
        "worst quality, low quality, my little pony, text",
    ),
    (PONY, SDXL): ("best quality, anime, 1girl, red hair", "worst quality, low quality, my little pony, text"),
    (PONY, ILLUSTRIOUS): (
        "masterpiece, best quality, anime, 1girl, red hair, general",
        "worst quality, low quality, my little pony, text",
    ),
    (PONY, FLUX): ("anime illustration, a girl, red hair", ""),
    (ILLUSTRIOUS, SD15): (
        "masterpiece, best quality, absurdres, 1girl, [smile:grin:0.5]",
        "worst quality, low quality, signature",
    ),
    (ILLUSTRIOUS, SDXL): (
        "masterpiece, best quality, absurdres, 1girl, [smile:grin:0.5]",
        "worst quality, low quality, signature",
    ),
    (ILLUSTRIOUS, PONY): (f"{SCORES}, 1girl, [smile:grin:0.5]", "score_6, score_5, score_4, signature"),
    (ILLUSTRIOUS, FLUX): ("a girl, [smile:grin:0.5]", ""),
    (FLUX, SD15): REAL[FLUX],
    (FLUX, SDXL): REAL[FLUX],
    (FLUX, PONY): (f"{SCORES}, {REAL[FLUX][0]}", ""),
    (FLUX, ILLUSTRIOUS): REAL[FLUX],
}
"""What each of these becomes in each other family."""


@pytest.mark.parametrize(("source", "target"), list(permutations(REAL, 2)), ids=lambda family: family.name)
def test_every_pair_of_families(source: ModelFamily, target: ModelFamily) -> None:
    """A usual prompt of each family is said in the words of each other, everything else in its place."""
    translation = translate_prompt(*REAL[source], source, target)

    assert EXPECTED[source, target] == (translation.prompt, translation.negative_prompt)


@pytest.mark.parametrize(("source", "target"), list(permutations(REAL, 2)), ids=lambda family: family.name)
def test_nothing_foreign_remains(source: ModelFamily, target: ModelFamily) -> None:
    """No word that only another family knows survives, and each change has a rule and a reason."""
    translation = translate_prompt(*REAL[source], source, target)

    left = [term.text for term in split_terms(f"{translation.prompt}, {translation.negative_prompt}")]
    assert [] == [text for text in left if is_foreign(text, target)]
    assert all(change.rule_id and change.reason.endswith(".") for change in translation.changes)


def test_each_foreign_term_has_its_reason() -> None:
    """What is translated, dropped as said already, dropped for want of words and kept is told apart."""
    changes = translate_prompt("score_9, score_8_up, rating_safe, <lora:x:1>", "score_4", PONY, SDXL).changes

    assert [
        ("score_9", ChangeAction.TRANSLATED, "best quality", "F-SCORE", False),
        ("score_8_up", ChangeAction.DROPPED, "", "F-SCORE", False),
        ("rating_safe", ChangeAction.DROPPED, "", "F-RATING", False),
        ("<lora:x:1>", ChangeAction.KEPT, "<lora:x:1>", "F-NETWORK", False),
        ("score_4", ChangeAction.TRANSLATED, "worst quality, low quality", "F-SCORE", True),
    ] == [(item.term, item.action, item.replacement, item.rule_id, item.is_negated) for item in changes]
    assert "said already" in changes[1].reason
    assert "no words" in changes[2].reason


def test_known_words_are_kept_with_a_reason() -> None:
    """A word of some families that the other knows stays and is told."""
    (change,) = translate_prompt("masterpiece, cat", "", SD15, ILLUSTRIOUS).changes

    assert TermChange("masterpiece", ChangeAction.KEPT, "masterpiece", "F-QUALITY", change.reason) == change


def test_pony_gets_its_scores() -> None:
    """Without score tags Pony draws badly, so they are added and told."""
    translation = translate_prompt("a cat", "", SDXL, PONY)

    assert f"{SCORES}, a cat" == translation.prompt
    assert [(ChangeAction.ADDED, "F-NEEDS-SCORES")] == [(item.action, item.rule_id) for item in translation.changes]


def test_flux_has_no_negative_prompt() -> None:
    """Each term of the negative prompt is dropped by name."""
    translation = translate_prompt("(cat:1.3)", "blurry, (text:1.2)", SDXL, FLUX)

    assert ("cat", "") == (translation.prompt, translation.negative_prompt)
    assert [("(cat:1.3)", "F-NO-EMPHASIS"), ("blurry", "F-NO-NEGATIVE"), ("text", "F-NO-NEGATIVE")] == [
        (change.term, change.rule_id) for change in translation.changes
    ]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("score_9 score_8_up a cat", "best quality a cat"),
        ("(score_9)", "(best quality)"),
        ("cat, (score_9, score_8_up:1.2), dog", "cat, (best quality:1.2), dog"),
        ("best quality, (score_9:1.2), dog", "best quality, dog"),
        ("[score_9|cat], dog", "[best quality|cat], dog"),
        ("[cat:rating_safe:0.5]", "[cat::0.5]"),
        ("cat, rating_safe BREAK dog", "cat BREAK dog"),
        ("cat, rating_safe AND dog :0.5", "cat AND dog :0.5"),
        ("cat,\nrating_safe\ndog", "cat,\n\ndog"),
        ("cat, rating_safe", "cat"),
        ("rating_safe, (pony style, cat:1.2)", "(cat:1.2)"),
        ("score_9 <lora:score_9:1>", "best quality <lora:score_9:1>"),
        (r"rias \(score\), music score", r"rias \(score\), music score"),
    ],
)
def test_brackets_and_bytes_stay(prompt: str, expected: str) -> None:
    """Only the foreign words and their commas change."""
    assert expected == translate_prompt(prompt, "", PONY, SDXL).prompt


@pytest.mark.parametrize("prompt", ["", " a ,, b , ", "(a:1.2)[b|c]\\", "<lora:x:1>, ,", "a  BREAK\n\nb,"])
@pytest.mark.parametrize("target", [SDXL, ILLUSTRIOUS])
def test_a_prompt_without_foreign_words_stays_byte_for_byte(prompt: str, target: ModelFamily) -> None:
    """Nobody's spelling is tidied up."""
    assert prompt == translate_prompt(prompt, prompt, PONY, target).prompt


@pytest.mark.parametrize(("source", "target"), [(PONY, PONY), (PONY, UNKNOWN)])
def test_no_translation_without_another_family(source: ModelFamily, target: ModelFamily) -> None:
    """To the same family and to an unknown one nothing changes."""
    translation = translate_prompt(*REAL[PONY], source, target)

    assert (*REAL[PONY], ()) == (translation.prompt, translation.negative_prompt, translation.changes)


@settings(max_examples=150, deadline=None, database=None)
@given(
    st.lists(
        st.sampled_from(["score_9", "a", ",", " ", "(", ")", "[", "]", ":", "|", "1.2", "<lora:x:1>", "\n", "\\"])
    ),
    st.sampled_from(list(permutations(REAL, 2))),
)
def test_any_text_can_be_translated(pieces: list[str], pair: tuple[ModelFamily, ModelFamily]) -> None:
    """No arrangement of brackets and tags makes it fail, and a second translation finds nothing to do."""
    once = translate_prompt("".join(pieces), "", *pair)
    again = translate_prompt(once.prompt, "", *pair)

    if pair[1] is not PONY:
        assert [] == [change for change in again.changes if change.action is ChangeAction.DROPPED]


def test_a_hostile_prompt_is_translated() -> None:
    """Brackets by the ten thousand are no trouble."""
    prompt = "(" * 10_000 + ")" * 10_000

    assert prompt == translate_prompt(prompt, "", PONY, SDXL).prompt
