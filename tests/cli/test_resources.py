"""The command that looks up the files which made a picture."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import pytest
from PIL import Image, PngImagePlugin

from counterprompt.bootstrap import taggers
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def webui(tmp_path: Path) -> Path:
    """A WebUI's folder with one LoRA, trained on glossy things."""
    header = json.dumps({"__metadata__": {"ss_tag_frequency": '{"1_a": {"glossy": 3}}'}}).encode()
    lora = tmp_path / "webui" / "models" / "Lora" / "style_v2.safetensors"
    lora.parent.mkdir(parents=True)
    lora.write_bytes(struct.pack("<Q", len(header)) + header)
    return tmp_path / "webui"


class PersonTagger:
    """Sees a person in everything."""

    vocabulary = frozenset({"person"})

    def tag(self, images: Sequence[Image.Image]) -> list[ObservedTags]:
        """See the same in each picture."""
        return [ObservedTags((ObservedTag("person", TagCategory.GENERAL, 0.9),), self.vocabulary) for _ in images]


def test_missing_files_come_with_the_nearest(run, picture: Path, webui: Path):
    """The LoRA of the picture is not here, another of nearly the same name is."""
    answer = json.loads(run("resources", picture, "--inventory", webui, "--json").out)
    states = {entry["name"]: entry["state"] for entry in answer["resources"]}

    assert {"one": "unknown", "style": "missing"} == states
    assert "style_v2" == answer["resources"][1]["nearest"]["name"]


def test_people_read_rows(run, picture: Path, webui: Path):
    """A row for each file; without an inventory a sentence says how to name one."""
    assert "LoRA style      missing, the picture gives no hash" in run("resources", picture, "--inventory", webui).out
    assert "--inventory" in run("resources", picture).out


def test_a_picture_may_name_nothing(run, tmp_path: Path):
    """That is said in a sentence."""
    Image.new("RGB", (8, 8)).save(tmp_path / "bare.png")

    assert "bare.png names no model files.\n" == run("resources", tmp_path / "bare.png").out


def test_the_environment_names_the_inventory(run, picture: Path, webui: Path, monkeypatch: pytest.MonkeyPatch):
    """COUNTERPROMPT_INVENTORY saves typing it."""
    monkeypatch.setenv("COUNTERPROMPT_INVENTORY", str(webui))

    assert "missing" in run("resources", picture).out


@pytest.mark.parametrize(("place", "code"), [("nowhere", 2), ("http://127.0.0.1:9", 4), ("http://user:x@host", 2)])
def test_a_wrong_place_is_refused(run, picture: Path, place: str, code: int):
    """The exit code tells a wrong name from a host that does not answer."""
    assert code == run("resources", picture, "--inventory", place).code


def test_advice_weighs_the_inventory_and_the_wishes(run, tmp_path: Path, webui: Path, monkeypatch: pytest.MonkeyPatch):
    """The missing LoRA and the blocked word are reasons with their evidence, and neither is proposed."""
    monkeypatch.setattr(taggers, "load_tagger", lambda *_: PersonTagger())
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a person, garden, <lora:style:0.9>\nSteps: 12, Sampler: Euler, Seed: 5")
    Image.new("RGB", (64, 64)).save(tmp_path / "a.png", pnginfo=info)
    answer = json.loads(run("advise", tmp_path / "a.png", "--inventory", webui, "--block", "garden", "--json").out)
    evidence = {reason["rule"]: reason["evidence"] for reason in answer["reasons"]}

    assert ["style"] == evidence["R-LORA-MISSING"]
    assert ["garden"] == evidence["R-BLOCKED"]
    assert "a person" == answer["prompt"]
    assert 0 < answer["confidence"] < 1
    assert 4 == len(answer["rests_on"])
    assert [("LoRA", "missing")] == [(one["kind"], one["state"]) for one in answer["resources"]]
