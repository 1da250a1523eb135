"""Which taggers are picked, one or several."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from counterprompt.bootstrap.taggers import TaggerChoice, key_of, load_taggers, remarks_on_tagger
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


def picture_by(model: str, path: Path) -> Path:
    """Save a picture whose infotext names *model*."""
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", f"a cat\nSteps: 1, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 8x8, Model: {model}")
    Image.new("RGB", (8, 8)).save(path, pnginfo=info)
    return path


def test_the_miniatures_tagger_says_where_it_knows_nothing(tmp_path: Path) -> None:
    """One sentence for one or many foreign pictures, none for the miniature's or with a tagger of the user's."""
    settings = Settings(tmp_path)
    ours = picture_by("miniature", tmp_path / "ours.png")
    theirs = [picture_by("dream", tmp_path / f"{name}.png") for name in "ab"]

    assert () == remarks_on_tagger(settings, None, [ours])
    assert 1 == len(remarks_on_tagger(settings, None, [ours, *theirs]))
    assert () == remarks_on_tagger(settings, tmp_path, theirs)
    assert () == remarks_on_tagger(Settings(tmp_path, tagger_folder=tmp_path), None, theirs)
