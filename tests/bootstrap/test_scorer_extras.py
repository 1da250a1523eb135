"""What joins a study's scorer, and where its weights are found."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from counterprompt.bootstrap.auditors import keep_out
from counterprompt.bootstrap.scorer_extras import (
    NO_EXTRAS,
    ScorerExtras,
    add_extras,
    find_preference,
    preference_answer,
)
from counterprompt.bootstrap.scorers import load_scorer
from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.scoring.preference_kinds import PREFERENCES
from counterprompt.settings import Settings

HPS, PICK = PREFERENCES["hpsv2.1"], PREFERENCES["pickscore"]


@pytest.mark.parametrize("extras", [NO_EXTRAS, ScorerExtras("hpsv2.1"), ScorerExtras("", True, "/m/wd")])
def test_notes_keep_the_extras(extras):
    """A resumed study finds what joined its scorer; where nothing did the notes are as they always were."""
    assert extras == ScorerExtras.from_notes(extras.notes())
    assert {} == NO_EXTRAS.notes()


def test_taggers_path_holds_from_anywhere(tmp_path, monkeypatch):
    """A folder is noted in full, a name as it is, and nothing where no tags are wanted."""
    monkeypatch.chdir(tmp_path)
    Path("wd").mkdir()

    assert str(tmp_path / "wd") == ScorerExtras.of("", True, Path("wd")).tagger
    assert "wd-vit-v3" == ScorerExtras.of("", True, Path("wd-vit-v3")).tagger
    assert ScorerExtras("pickscore") == ScorerExtras.of("pickscore", False, Path("wd"))


@pytest.mark.parametrize(
    ("kind", "below"),
    [
        (HPS, "data/scorers/hpsv2.1/HPS_v2.1_compressed.pt"),
        (PICK, "models/PickScore_v1/model.safetensors"),
        (HPS, "hub/models--xswu--HPSv2/snapshots/abc/HPS_v2.1_compressed.pt"),
        (PICK, "hub/models--yuvalkirstain--PickScore_v1/snapshots/abc/model.safetensors"),
        (HPS, "hps/HPS_v2.1_compressed.pt"),
    ],
)
def test_weights_are_found_where_programs_keep_them(tmp_path, kind, below):
    """Our own folder, the user's model folders, the hub's cache and the hpsv2 package's folder are looked through."""
    settings = Settings(tmp_path / "data", model_folders=(tmp_path / "models",))
    environment = {"HF_HUB_CACHE": str(tmp_path / "hub"), "HPS_ROOT": str(tmp_path / "hps")}
    assert find_preference(settings, kind, environment) is None
    (tmp_path / below).parent.mkdir(parents=True)
    (tmp_path / below).write_bytes(b"weights")

    assert tmp_path / below == find_preference(settings, kind, environment)


def test_missing_weights_are_named_with_licence_and_source(tmp_path, monkeypatch):
    """Where the weights are missing the user learns what to download, from where, and where it goes."""
    monkeypatch.setattr("counterprompt.bootstrap.scorer_extras.find_preference", lambda *_: None)
    settings = Settings(tmp_path, hf_endpoint="https://hub.example")

    with pytest.raises(MissingModelError) as caught:
        add_extras(load_scorer(settings), ScorerExtras("hpsv2.1"), settings)

    message = str(caught.value)
    for part in ("HPSv2.1 (Apache-2.0)", "HPS_v2.1_compressed.pt", "https://hub.example/xswu/HPSv2", str(tmp_path)):
        assert part in message
    assert [False, False] == [each["present"] for each in preference_answer(settings).values()]


def test_a_preference_model_works_where_and_how_the_settings_say(tmp_path, monkeypatch):
    """Device and precision reach it, of the search's as of the auditor's."""
    told, model = [], SimpleNamespace(name="one that heard")
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("counterprompt.bootstrap.scorer_extras.find_preference", lambda *_: tmp_path)
    monkeypatch.setattr("counterprompt.scoring.preference.load_preference", lambda *_, **how: told.append(how) or model)
    settings = Settings(tmp_path, scorer_device="cuda:1", scorer_precision="fp32")

    add_extras(load_scorer(settings), ScorerExtras("pickscore"), settings)
    keep_out(load_scorer(settings), ScorerExtras(auditor="hpsv2.1"), settings)

    assert [{"device": "cuda:1", "precision": "fp32"}] * 2 == told


def test_unknown_preference_is_refused(tmp_path):
    """A model nobody knows is refused before anything is loaded."""
    with pytest.raises(InvalidInputError, match="no preference model 'taste'"):
        add_extras(load_scorer(Settings(tmp_path)), ScorerExtras("taste"), Settings(tmp_path))


def test_miniatures_tagger_watches_its_own_pictures(tmp_path):
    """On the miniature its own tagger's defect tags join the probes."""
    settings = Settings(tmp_path)

    scorer = add_extras(load_scorer(settings), ScorerExtras(has_tags=True), settings, is_miniature=True)
    (scores,) = scorer.score([Image.new("RGB", (64, 64), "navy")], "a circle")

    assert {"tagger: blurry", "tagger: watermark", "blurry", "watermark"} <= scores.artifacts.keys()
    assert all(0 <= value <= 1 for value in scores.artifacts.values())


def test_miniatures_tagger_is_refused_elsewhere(tmp_path):
    """For pictures of a real model a real tagger must be named."""
    settings = Settings(tmp_path)

    with pytest.raises(InvalidInputError, match="name another one with --tagger"):
        add_extras(load_scorer(settings), ScorerExtras(has_tags=True), settings)


def test_a_look_joins_what_is_there(tmp_path):
    """The tagger is the one that counts defect tags already, else the one given; all else stays."""
    extras = ScorerExtras("pickscore", has_tags=True, tagger="wd", auditor="laion-v1")

    assert ScorerExtras("pickscore", True, "wd", "laion-v1", has_evidence=True) == extras.with_evidence(tmp_path)
    assert ScorerExtras(tagger=str(tmp_path), has_evidence=True) == ScorerExtras().with_evidence(tmp_path)
    assert ScorerExtras(has_evidence=True) == ScorerExtras().with_evidence(None)
