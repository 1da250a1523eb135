"""Recognising the family that a prompt was written for."""

import pytest

from counterprompt.infotext.parse import parse_infotext
from counterprompt.prompts.families import ModelFamily
from counterprompt.prompts.family_guess import FamilyHints, hints_from, recognise_family

PONY = "score_9, score_8_up, score_7_up, source_anime, 1girl, silver hair, rating_safe"
ILLUSTRIOUS = "masterpiece, best quality, newest, absurdres, very awa, 1girl, solo, long hair"
FLUX = "A weathered fisherman mends his nets on a stone pier at dawn while gulls circle over the harbour behind him."
BARE = "1girl, blue eyes, garden"


@pytest.mark.parametrize(
    ("prompt", "negative_prompt", "hints", "family"),
    [
        (PONY, "", None, ModelFamily.PONY),
        ("score_9 score_8_up score_7_up a cat", "", None, ModelFamily.PONY),
        ("1girl, cat ears", "score_6, score_5, score_4, source_pony", None, ModelFamily.PONY),
        (ILLUSTRIOUS, "worst quality, old, early", None, ModelFamily.ILLUSTRIOUS),
        ("1girl, year 2024", "", None, ModelFamily.ILLUSTRIOUS),
        ("(masterpiece:1.2), 1girl", "easynegative, bad-hands-5", None, ModelFamily.SD15),
        ("photo of a duck", "(ng_deepnegative_v1_75t:1.2)", None, ModelFamily.SD15),
        (FLUX, "", None, ModelFamily.FLUX),
        (BARE, "", None, ModelFamily.UNKNOWN),
        ("", "", None, ModelFamily.UNKNOWN),
        (BARE, "", FamilyHints(checkpoint="ponyDiffusionV6XL_v6StartWithThisOne"), ModelFamily.PONY),
        (BARE, "", FamilyHints(checkpoint="noobaiXLNAIXL_vPred10Version"), ModelFamily.ILLUSTRIOUS),
        (BARE, "", FamilyHints(checkpoint="waiIllustriousSDXL_v140"), ModelFamily.ILLUSTRIOUS),
        (BARE, "", FamilyHints(checkpoint="juggernautXL_v9"), ModelFamily.SDXL),
        (BARE, "", FamilyHints(checkpoint="v1-5-pruned-emaonly"), ModelFamily.SD15),
        (BARE, "", FamilyHints(checkpoint="flux1-dev-fp8"), ModelFamily.FLUX),
        ("(score_9:0), 1girl", "(source_pony:0)", None, ModelFamily.UNKNOWN),
        ("1.3::year 2024::, 1girl", "", None, ModelFamily.ILLUSTRIOUS),
        ("1girl, amazing quality", "bad quality, worst detail", None, ModelFamily.ILLUSTRIOUS),
        ("1girl, artist:wlop, very awa", "", None, ModelFamily.ILLUSTRIOUS),
        ("cinematic photo a cat . 35mm photograph, film", "noisy", None, ModelFamily.SDXL),
        ("a cat. A dog", "", None, ModelFamily.UNKNOWN),
        ("1girl, best quality", "(worst quality:2)", None, ModelFamily.SD15),
        ("1girl", "(blurry:2)", None, ModelFamily.UNKNOWN),
        ("a cat", "unaestheticXLv31", None, ModelFamily.SDXL),
        ("score_9, a cat", "unaestheticXLv31", None, ModelFamily.PONY),
        (BARE, "", FamilyHints(checkpoint="OpenDalleV1.1"), ModelFamily.SDXL),
        (BARE, "", FamilyHints(base_model="Pony"), ModelFamily.PONY),
        (BARE, "", FamilyHints(base_model="NoobAI"), ModelFamily.ILLUSTRIOUS),
        (BARE, "", FamilyHints(base_model="SDXL 1.0"), ModelFamily.SDXL),
        (BARE, "", FamilyHints(base_model="sdxl_base_v1-0"), ModelFamily.SDXL),
        (PONY, "", FamilyHints(base_model="sdxl_base_v1-0"), ModelFamily.PONY),
        (BARE, "", FamilyHints(base_model="SD 1.5"), ModelFamily.SD15),
        (BARE, "", FamilyHints(base_model="stable-diffusion-v1"), ModelFamily.SD15),
        (BARE, "", FamilyHints(base_model="Flux.1 D"), ModelFamily.FLUX),
        (BARE, "", FamilyHints(width=512, height=512, clip_skip=2), ModelFamily.SD15),
        (BARE, "", FamilyHints(width=1024, height=1024), ModelFamily.UNKNOWN),
        (BARE, "", FamilyHints(width=1024, height=1024, cfg_scale=1.0), ModelFamily.FLUX),
    ],
)
def test_families_are_recognised(
    prompt: str, negative_prompt: str, hints: FamilyHints | None, family: ModelFamily
) -> None:
    """Words, names, bases and settings each tell, and nothing tells nothing."""
    assert family is recognise_family(prompt, negative_prompt, hints).family


def test_the_evidence_is_named() -> None:
    """What counted is quoted with its rule, the strongest first."""
    guess = recognise_family(PONY, "", FamilyHints(clip_skip=2))

    assert ("F-SCORE", "score_9") == (guess.evidence[0].rule_id, guess.evidence[0].found)
    assert "G-CLIP-SKIP" in {item.rule_id for item in guess.evidence}
    assert 0.9 < guess.confidence <= 1.0


def test_hints_come_from_an_infotext() -> None:
    """Model, clip skip, CFG scale and the size of the first pass are read off."""
    params = parse_infotext("a cat\nSteps: 20, CFG scale: 7, Size: 512x768, Model: v1-5-pruned, Clip skip: 2")

    assert FamilyHints("v1-5-pruned", "SD 1.5", 2, 512, 768, 7.0) == hints_from(params, "SD 1.5")


def test_more_evidence_makes_surer() -> None:
    """A checkpoint's name that agrees with the words raises the confidence."""
    alone = recognise_family("1girl, source_anime")
    both = recognise_family("1girl, source_anime", "", FamilyHints(checkpoint="autismmixSDXL_autismmixPony"))

    assert alone.confidence < both.confidence


def test_words_outweigh_a_plain_base() -> None:
    """Five words of Pony are no five times the evidence of one row."""
    one = recognise_family("score_9")
    many = recognise_family("score_9, score_8_up, score_7_up, score_6_up")

    assert one.confidence == many.confidence


def test_long_prompts_are_looked_at_one_by_one():
    """What each prompt may have the two may have together, and more."""
    assert ModelFamily.SD15 is recognise_family("(a:1.2), " * 8_000, "b, " * 20_000, FamilyHints("v1-5-pruned")).family
