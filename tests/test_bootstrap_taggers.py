"""Which taggers are picked where several may be wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterprompt import bootstrap
from counterprompt.bootstrap_taggers import TaggerChoice, key_of, load_taggers
from counterprompt.errors import InvalidInputError
from counterprompt.miniature.tagger import MiniatureTagger
from counterprompt.settings import Settings
from counterprompt.tagging.clip_tagger import ClipTagger
from counterprompt.tagging.deepdanbooru import DeepDanbooruTagger
from counterprompt.tagging.voting import VotingTagger

URL = "http://127.0.0.1:7860"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a machine that names no tagger."""
    return Settings(data_folder=tmp_path / "data")


@pytest.fixture
def clip_folder(tmp_path: Path) -> Path:
    """The folder of a CLIP that is never opened, with a term list of its own."""
    folder = tmp_path / "clip"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text("{}")
    (folder / "terms.json").write_text('{"groups": [{"name": "animals", "terms": ["a dog"]}]}')
    return folder


def test_without_a_choice_it_is_the_miniatures(settings: Settings):
    """One tagger needs no vote."""
    choice = TaggerChoice()

    assert isinstance(load_taggers(settings, choice), MiniatureTagger)
    assert choice.is_miniature(settings)


def test_the_folder_of_a_clip_tags_with_its_terms(settings: Settings, clip_folder: Path):
    """A CLIP's folder makes a CLIP tagger, with its own terms or else those for photographs, and opens nothing yet."""
    own = load_taggers(settings, TaggerChoice(clip_folder))
    (clip_folder / "terms.json").unlink()
    usual = load_taggers(settings, TaggerChoice(clip_folder))

    assert isinstance(own, ClipTagger)
    assert {"dog"} == own.vocabulary
    assert {"golden hour", "portrait"} <= usual.vocabulary


def test_several_taggers_vote(settings: Settings, clip_folder: Path):
    """The chosen one, the others and the WebUI's make one tagger that knows what each of them knows."""
    tagger = load_taggers(settings, TaggerChoice(None, (clip_folder,)))

    assert isinstance(tagger, VotingTagger)
    assert {"dog", "circle"} <= tagger.vocabulary


@pytest.mark.parametrize("has_other", [False, True])
def test_a_webui_is_asked_alone_or_too(settings: Settings, clip_folder: Path, has_other: bool):
    """Where only a WebUI is named it replaces the miniature's tagger; beside another tagger it votes."""
    choice = TaggerChoice(clip_folder if has_other else None, webui=URL)

    tagger = load_taggers(settings, choice)

    assert isinstance(tagger, VotingTagger if has_other else DeepDanbooruTagger)
    assert not choice.is_miniature(settings)


def test_thresholds_that_are_given_rule(settings: Settings):
    """A threshold of 0 lets every tag of the miniature's pass, and one out of range is refused."""
    from PIL import Image

    every = load_taggers(settings, TaggerChoice(general=0.0)).tag([Image.new("RGB", (64, 64), "red")])[0]

    assert every.vocabulary == set(every.names())
    with pytest.raises(InvalidInputError, match=r"not 1\.5"):
        load_taggers(settings, TaggerChoice(general=1.5))


def test_the_key_tells_choices_apart(settings: Settings, tmp_path: Path):
    """Another folder, threshold or rule gives another key; the same tagger by the settings or by name the same."""
    choices = [
        TaggerChoice(),
        TaggerChoice(tmp_path),
        TaggerChoice(others=(tmp_path,)),
        TaggerChoice(general=0.3),
        TaggerChoice(agreement=0.6),
        TaggerChoice(webui=URL),
    ]
    by_settings = Settings(data_folder=settings.data_folder, tagger_folder=tmp_path)

    assert len(choices) == len({key_of(settings, choice) for choice in choices})
    assert key_of(settings, TaggerChoice(tmp_path)) == key_of(by_settings, TaggerChoice())


def test_pictures_are_opened_as_everywhere(tmp_path: Path, settings: Settings):
    """Folders are read by the adapter with its caps, so that a file that is no picture is left out."""
    from counterprompt.bootstrap_taggers import tag_folder
    from counterprompt.ports import SilentProgress

    (tmp_path / "a.png").write_bytes(b"no picture")

    observed, left_out = tag_folder(tmp_path, bootstrap.load_tagger(settings), SilentProgress(), 4)

    assert ({}, ["a.png"]) == (observed, list(left_out))
