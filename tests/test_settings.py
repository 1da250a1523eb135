"""Settings from the environment and the settings file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.settings import Settings, default_data_folder, load_settings

HOME = Path("/home/ada")


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", HOME / ".local/share/counterprompt"),
        ({"XDG_DATA_HOME": "/data"}, "linux", Path("/data/counterprompt")),
        ({}, "darwin", HOME / "Library/Application Support/counterprompt"),
        ({}, "win32", HOME / "AppData/Local/counterprompt"),
        ({"LOCALAPPDATA": "/local"}, "win32", Path("/local/counterprompt")),
        ({"COUNTERPROMPT_DATA": "/mine"}, "darwin", Path("/mine")),
        ({"COUNTERPROMPT_DATA": "~nobody-is-called-so"}, "linux", Path("~nobody-is-called-so")),
    ],
)
def test_the_data_folder_follows_the_platform(environment: dict[str, str], platform: str, expected: Path) -> None:
    """Each platform's place is used unless the user names one."""
    assert expected == default_data_folder(environment, platform, HOME)


def test_defaults_need_no_file(tmp_path: Path) -> None:
    """Without file and variables everything has its default."""
    assert Settings(data_folder=tmp_path) == load_settings({"COUNTERPROMPT_DATA": str(tmp_path)})


def test_the_environment_overrules_the_file(tmp_path: Path) -> None:
    """A variable counts more than the file, the file more than the default."""
    (tmp_path / "settings.json").write_text('{"tagger_folder": "/file", "scorer_folder": "/scorer"}')
    environment = {
        "COUNTERPROMPT_DATA": str(tmp_path),
        "COUNTERPROMPT_TAGGER": "/variable",
        "HF_ENDPOINT": "https://mirror.example/",
    }

    settings = load_settings(environment)

    assert (Path("/variable"), Path("/scorer")) == (settings.tagger_folder, settings.scorer_folder)
    assert "https://mirror.example" == settings.hf_endpoint


@pytest.mark.parametrize("text", ["{", "[]", '{"colour": "red"}', '{"tagger_folder": 3}'])
def test_a_bad_file_is_named(tmp_path: Path, text: str) -> None:
    """A settings file that cannot be used is named with the remedy."""
    (tmp_path / "settings.json").write_text(text)

    with pytest.raises(InvalidInputError, match=r"settings\.json"):
        load_settings({"COUNTERPROMPT_DATA": str(tmp_path)})


def test_taggers_have_their_own_settings(tmp_path: Path) -> None:
    """Folders to search, what taggers run on and when they rest come from variables as from the file."""
    (tmp_path / "settings.json").write_text('{"tagger_provider": "CUDA", "tagger_idle_seconds": "60"}')
    environment = {
        "COUNTERPROMPT_DATA": str(tmp_path),
        "COUNTERPROMPT_TAGGER_IDLE_SECONDS": "0",
        "COUNTERPROMPT_MODEL_FOLDERS": os.pathsep.join(["/webui", "/comfy", ""]),
    }

    settings = load_settings(environment)

    assert ("cuda", 0.0) == (settings.tagger_provider, settings.tagger_idle_seconds)
    assert (Path("/webui"), Path("/comfy")) == settings.model_folders
    assert tmp_path / "taggers" == settings.taggers_folder


@pytest.mark.parametrize("text", ["soon", "nan", "inf", ""])
def test_seconds_must_be_a_number(tmp_path: Path, text: str) -> None:
    """What is no number of seconds is named; nothing at all means the default."""
    environment = {"COUNTERPROMPT_DATA": str(tmp_path), "COUNTERPROMPT_TAGGER_IDLE_SECONDS": text}
    if not text:
        assert 300.0 == load_settings(environment).tagger_idle_seconds
        return

    with pytest.raises(InvalidInputError, match=f"tagger_idle_seconds is '{text}'; give a number of seconds"):
        load_settings(environment)


@pytest.mark.parametrize(("text", "expected"), [("", "auto"), ("BF16", "bf16"), ("fp32", "fp32")])
def test_scorers_reckon_as_is_set(tmp_path: Path, text: str, expected: str) -> None:
    """The variable counts before the file, in whatever case; nothing at all leaves it to the device."""
    environment = {"COUNTERPROMPT_DATA": str(tmp_path), "COUNTERPROMPT_SCORER_PRECISION": text}

    assert expected == load_settings(environment).scorer_precision
    (tmp_path / "settings.json").write_text('{"scorer_precision": "fp16"}')
    assert (expected if text else "fp16") == load_settings(environment).scorer_precision


def test_a_precision_that_is_none_is_named(tmp_path: Path) -> None:
    """The message repeats it and says what there is."""
    environment = {"COUNTERPROMPT_DATA": str(tmp_path), "COUNTERPROMPT_SCORER_PRECISION": "half"}

    with pytest.raises(InvalidInputError, match="scorer_precision is 'half'; give one of auto, fp16, bf16, fp32"):
        load_settings(environment)
