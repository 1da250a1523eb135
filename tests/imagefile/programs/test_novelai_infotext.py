"""NovelAI's texts."""

import json

import pytest

from counterprompt.imagefile.programs.novelai_infotext import is_novelai, render_novelai

COMMENT = {"sampler": "k_dpmpp_2m", "uc": "blurry", "steps": 28, "scale": 11.0, "seed": 5}


def test_the_texts_become_an_infotext() -> None:
    """Description, undesired content and settings take their places."""
    texts = {"Software": "NovelAI", "Description": "a cat", "Comment": json.dumps(COMMENT)}

    assert is_novelai(texts)
    assert render_novelai(texts, (4, 3)) == (
        "a cat\nNegative prompt: blurry\n"
        "Steps: 28, Sampler: DPM++ 2M, CFG scale: 11.0, Seed: 5, Size: 4x3, Clip skip: 2, ENSD: 31337"
    )


@pytest.mark.parametrize("comment", ["", "{", "[]", "1", '{"sampler": []}', "{}", "[" * 100_000])
def test_incomplete_texts_give_none(comment: str) -> None:
    """A comment that is no such JSON object gives no infotext."""
    assert render_novelai({"Description": "a cat", "Comment": comment}, (4, 3)) is None
