"""What a LoRA's header says of its training."""

import json

import pytest

from counterprompt.advice.lora_training import MOST_TAGS, read_training
from counterprompt.prompts.families import ModelFamily


def test_folders_are_counted_together():
    """Tags of all folders, most frequent first, with their share of the most frequent."""
    frequencies = json.dumps({"10_a": {"kiwi": 3, "tree": 2}, "5_b": {" tree ": 4, "bad": -1, "odd": "x", "": 9}})
    training = read_training({"ss_tag_frequency": frequencies, "ss_sd_model_name": "model.ckpt"}, "a")

    assert (("tree", 6), ("kiwi", 3)) == training.tags
    assert {"tree": 1.0, "kiwi": 0.5} == training.tag_shares()
    assert "model.ckpt" == training.base_model


def test_modelspec_is_read():
    """Title, trigger phrase and architecture."""
    metadata = {
        "modelspec.title": "Kiwi  style",
        "modelspec.trigger_phrase": "kiwistyle",
        "modelspec.architecture": "stable-diffusion-xl-v1-base/lora",
        "ss_output_name": "kiwi",
    }
    training = read_training(metadata, "a")

    assert ("Kiwi style", "kiwistyle", "kiwi") == (training.title, training.trigger, training.output_name)
    assert ModelFamily.SDXL is training.family


@pytest.mark.parametrize("text", ["", "x", "[]", "{", "5", '{"a": []}', "[" * 100_000, '{"a": {"b": true, "c": 1e9}}'])
def test_broken_frequencies_are_none(text: str):
    """Whatever stands there, nothing breaks."""
    assert () == read_training({"ss_tag_frequency": text}, "a").tags


def test_tags_are_bounded():
    """Thousands of tags are cut to the most frequent, long ones shortened."""
    counts = {f"t{number:05}" + "x" * 1000: number + 1 for number in range(5000)}
    tags = read_training({"ss_tag_frequency": json.dumps({"a": counts})}, "a").tags

    assert MOST_TAGS == len(tags)
    assert all(len(tag) <= 200 for tag, _ in tags)
    assert tags[0][0].startswith("t04999")
