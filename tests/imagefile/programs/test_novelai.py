"""NovelAI's generations (docs.novelai.net; the v4 layout as in its API's `v4_prompt`)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from counterprompt.imagefile.programs.novelai import read_novelai
from counterprompt.imagefile.programs.reading import ProgramReading
from counterprompt.imagefile.texts import EmbeddedTexts
from counterprompt.infotext.parse import parse_infotext

Reader = Callable[..., ProgramReading]
FIRST = {
    "steps": 28,
    "sampler": "k_euler_ancestral",
    "seed": 5,
    "strength": 0.69,
    "noise": 0.667,
    "scale": 11.0,
    "uc": "bad",
}
THIRD = {**FIRST, "sampler": "k_dpmpp_2s_ancestral", "noise_schedule": "karras", "prompt": "1girl", "cfg_rescale": 0.0}
FOURTH = {
    **THIRD,
    "v4_prompt": {
        "caption": {
            "base_caption": "2girls, cafe,",
            "char_captions": [
                {"char_caption": "girl, red hair", "centers": [{"x": 0.3, "y": 0.5}]},
                {"char_caption": "girl, blue hair", "centers": [{"x": 0.7, "y": 0.5}]},
            ],
        },
        "use_coords": True,
        "use_order": True,
    },
    "v4_negative_prompt": {"caption": {"base_caption": "lowres", "char_captions": [{"char_caption": "hat"}, {}]}},
}


def _texts(comment: dict[str, Any], **more: str) -> dict[str, str]:
    return {"Software": "NovelAI", "Source": "NovelAI Diffusion V4 37442FCA", "Comment": json.dumps(comment), **more}


def test_the_first_generation_reads_as_in_the_webui(read: Reader) -> None:
    """Infotext and values are those of the WebUI's PNG Info."""
    reading = read(_texts(FIRST, Description="a cat"))

    line = "Steps: 28, Sampler: Euler a, CFG scale: 11.0, Seed: 5, Size: 512x768, Clip skip: 2, ENSD: 31337"
    assert ("NovelAI", f"a cat\nNegative prompt: bad\n{line}") == (reading.program, reading.infotext)
    assert ("a cat", "bad", "Euler a") == (
        reading.params.prompt,
        reading.params.negative_prompt,
        reading.params.sampler_name,
    )


def test_the_third_generation_says_more_than_the_webui_reads(read: Reader) -> None:
    """Sampler, schedule and model are told where the WebUI guesses or is silent; the infotext stays the WebUI's."""
    reading = read(_texts(THIRD, Description="1girl"))

    assert ("DPM++ 2S a", "Karras") == reading.params.sampler_and_scheduler
    assert "NovelAI Diffusion V4 37442FCA" == reading.params.model_name
    assert "Sampler: Euler a" in reading.infotext


def test_the_fourth_generation_has_characters(read: Reader) -> None:
    """The captions of scene and characters are one prompt, on both sides, and the places are noted."""
    reading = read(_texts(FOURTH, Description="2girls, cafe,"))

    assert "2girls, cafe, girl, red hair, girl, blue hair" == reading.params.prompt
    assert "lowres, hat" == reading.params.negative_prompt
    assert (28, 5, 11.0, 512) == (
        reading.params.steps,
        reading.params.seed,
        reading.params.cfg_scale,
        reading.params.width,
    )
    assert "places" in reading.notes[0]


def test_stealth_texts_need_no_description(read: Reader) -> None:
    """Where only the comment survived, its prompt counts and the infotext is ours."""
    reading = read(_texts(THIRD))

    assert reading.infotext.startswith("1girl\nNegative prompt: bad\nSteps: 28, Sampler: DPM++ 2S a")


def test_emphasis_is_in_the_webuis_words_and_the_original_in_the_notes(read: Reader) -> None:
    """Infotext and values have the WebUI's brackets, the same; NovelAI's prompt is quoted verbatim."""
    reading = read(_texts({**FIRST, "uc": "[[bad]], 2::x::"}, Description="{a cat} (animal)"))

    assert (r"(a cat:1.05) \(animal\)", "(bad:0.907), 2::x::") == (
        reading.params.prompt,
        reading.params.negative_prompt,
    )
    assert reading.params == parse_infotext(reading.infotext)
    assert ["{a cat} (animal)", "[[bad]], 2::x::"] == [note.partition(": ")[2] for note in reading.notes]


def test_captions_are_translated_one_by_one(read: Reader) -> None:
    """A bracket that one caption leaves open does not reach into the next; the fourth generation has weights."""
    caption = {"base_caption": "{{cafe, 1.5::rain", "char_captions": [{"char_caption": "girl, -1::hat::"}]}
    reading = read(_texts({**FOURTH, "v4_prompt": {"caption": caption}}, Description="{{cafe, 1.5::rain"))

    assert "(cafe,:1.1025) (rain:1.6538), girl, (hat:-1)" == reading.params.prompt
    assert "(cafe,:1.1025) (rain:1.6538)" == reading.infotext.split("\n")[0]
    assert "{{cafe, 1.5::rain, girl, -1::hat::" in reading.notes[0]


@pytest.mark.parametrize(
    "comment", ["", "{", "[]", "{}", '{"v4_prompt": []}', '{"v4_prompt": {"caption": 3}, "seed": {}}']
)
def test_broken_comments_are_no_error(comment: str) -> None:
    """Whatever the comment is, something is read or nothing."""
    texts = {"Software": "NovelAI", "Comment": comment}

    reading = read_novelai(EmbeddedTexts(texts, 4, 4))

    assert reading is None or "" == reading.params.prompt


def test_half_characters_can_be_written_again(read: Reader) -> None:
    """Half of a surrogate pair, which JSON can escape, becomes a question mark."""
    reading = read(_texts({**FIRST, "uc": "\ud800bad"}, Description="a cat"))

    assert ("?bad", "Negative prompt: ?bad") == (reading.params.negative_prompt, reading.infotext.split("\n")[1])


def test_other_software_is_not_ours() -> None:
    """The "Software" text decides."""
    assert read_novelai(EmbeddedTexts({"Software": "GIMP", "Comment": json.dumps(FIRST)}, 4, 4)) is None
