"""The commands about taggers, and names given to --tagger, against a stand-in for the hub."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from pathlib import Path

import pytest

TAGGING = Path(__file__).parents[1] / "tagging"
spec = importlib.util.spec_from_file_location("hub_stand_in", TAGGING / "hub_stand_in.py")
hub_stand_in = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hub_stand_in)

LABELS = "tag_id,name,category,count\n" + "".join(f"{number},tag_{number},0,1\n" for number in range(7))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A hub with the colour tagger; no other program has anything."""
    stand_in = hub_stand_in.HubStandIn()
    stand_in.large["model.onnx"] = (TAGGING / "colour_tagger.onnx").read_bytes()
    stand_in.small["selected_tags.csv"] = LABELS.encode()
    monkeypatch.setenv("HF_ENDPOINT", stand_in.url)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HUB_OFFLINE", "HF_TOKEN", "COUNTERPROMPT_MODEL_FOLDERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    yield stand_in
    stand_in.close()


def test_fetch_downloads_and_says_where(run, hub, tmp_path: Path):
    """The tagger lands in the data folder; progress goes to standard error, the folder to standard output."""
    finished = run("models", "fetch", hub.repo_id, "--json")

    folder = tmp_path / "data" / "taggers" / "maker--wd-test-tagger"
    assert {"name": hub.repo_id, "path": str(folder)} == json.loads(finished.out)
    assert "download MB: " in finished.err
    assert LABELS == (folder / "selected_tags.csv").read_text()


def test_a_named_tagger_is_fetched_and_used(run, hub, picture: Path):
    """--tagger takes a name: the first use downloads it, the second asks no one."""
    first = run("tag", picture, "--tagger", hub.repo_id)
    asked = len(hub.asked)
    second = run("tag", picture, "--tagger", hub.repo_id)

    assert (0, 0) == (first.code, second.code), first.err
    assert first.out == second.out != ""
    assert ("download MB" in first.err, "download MB" in second.err) == (True, False)
    assert asked == len(hub.asked) > 0


def test_a_name_in_the_settings_is_fetched_too(run, hub, picture: Path, monkeypatch: pytest.MonkeyPatch):
    """COUNTERPROMPT_TAGGER may be a name as well."""
    monkeypatch.setenv("COUNTERPROMPT_TAGGER", hub.repo_id)

    finished = run("tag", picture)

    assert (0, True) == (finished.code, "download MB" in finished.err)


def test_list_tells_what_is_here(run, hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every known tagger is listed with its size; one that ComfyUI has is said to be there."""
    place = tmp_path / "comfy" / "models" / "wd14_tagger"
    place.mkdir(parents=True)
    shutil.copy(TAGGING / "colour_tagger.onnx", place / "wd-v1-4-vit-tagger-v2.onnx")
    os.truncate(place / "wd-v1-4-vit-tagger-v2.onnx", 373_468_000)  # as long as the real one
    (place / "wd-v1-4-vit-tagger-v2.csv").write_text(LABELS)
    shutil.copy(TAGGING / "colour_tagger.onnx", place / "wd-vit-tagger-v3.onnx")  # cut short: none
    (place / "wd-vit-tagger-v3.csv").write_text(LABELS)
    monkeypatch.setenv("COUNTERPROMPT_MODEL_FOLDERS", str(tmp_path / "comfy"))

    taggers = {one["name"]: one for one in json.loads(run("models", "list", "--json").out)["taggers"]}
    text = run("models", "list").out

    assert ("ComfyUI", str(place / "wd-v1-4-vit-tagger-v2.onnx")) == (
        taggers["wd-v1-4-vit-tagger-v2"]["owner"],
        taggers["wd-v1-4-vit-tagger-v2"]["path"],
    )
    assert "" == taggers["wd-vit-tagger-v3"]["path"]
    assert "wd-vit-tagger-v3              379 MB, not here" in text
    assert [] == hub.asked


def test_where_shows_each_place(run, hub, tmp_path: Path):
    """The folders are listed in the order of the search, with what they hold."""
    kohya = tmp_path / "wd14_tagger_model" / "SmilingWolf_wd-v1-4-vit-tagger-v2"
    kohya.mkdir(parents=True)
    shutil.copy(TAGGING / "colour_tagger.onnx", kohya / "model.onnx")
    os.truncate(kohya / "model.onnx", 373_468_000)
    (kohya / "selected_tags.csv").write_text(LABELS)

    places = json.loads(run("models", "where", "--json").out)["places"]

    assert str(tmp_path / "data" / "taggers") == places[0]["path"]
    assert ["wd-v1-4-vit-tagger-v2"] == next(
        place["taggers"] for place in places if place["path"] == str(tmp_path / "wd14_tagger_model")
    )
    text = run("models", "where").out
    assert f"{tmp_path / 'wd14_tagger_model'}: wd-v1-4-vit-tagger-v2" in text
    assert f"{tmp_path / 'hf' / 'hub'}: not there" in text


@pytest.mark.parametrize(
    ("name", "code", "sentence"),
    [
        ("wd-vit", 2, 'There is no tagger "wd-vit"; name a folder'),
        ("maker/other", 3, "there is no such repository"),
        ("maker/wd-test-tagger@v9", 3, 'has no revision "v9"'),
    ],
)
def test_what_cannot_be_had_is_one_sentence(run, hub, picture: Path, name: str, code: int, sentence: str):
    """Both ways of asking for it end in the same sentence and exit code."""
    for arguments in (("models", "fetch", name), ("tag", picture, "--tagger", name)):
        finished = run(*arguments)

        assert (code, "") == (finished.code, finished.out)
        assert sentence in finished.err
        assert 1 == finished.err.count("\n")
