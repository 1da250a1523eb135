"""What the user has set for this machine: where models and studies lie."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from counterprompt.errors import InvalidInputError

DEFAULT_HF_ENDPOINT = "https://huggingface.co"
"""Where models come from unless HF_ENDPOINT names a mirror."""

SETTINGS_FILE = "settings.json"
"""Name of the settings file inside the data folder."""

_VARIABLES = {
    "scorer_folder": "COUNTERPROMPT_SCORER",
    "tagger_folder": "COUNTERPROMPT_TAGGER",
    "lora_folder": "COUNTERPROMPT_LORAS",
    "hf_endpoint": "HF_ENDPOINT",
}
"""Setting to the environment variable that overrules the file."""


@dataclass(frozen=True)
class Settings:
    """The settings of one machine."""

    data_folder: Path
    """Where studies and downloaded models go."""
    scorer_folder: Path | None = None
    """A scorer's folder (CLIP, aesthetic head, probes), or None for the miniature's."""
    tagger_folder: Path | None = None
    """A tagger's folder (WD v3 contract), or None for the miniature's."""
    lora_folder: Path | None = None
    """LoRA files for the diffusers generator, or None."""
    hf_endpoint: str = DEFAULT_HF_ENDPOINT
    """The Hugging Face hub or its mirror."""

    @property
    def studies_folder(self) -> Path:
        """Where a study goes that was given no folder."""
        return self.data_folder / "studies"


def default_data_folder(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    """Return the platform's place for an application's data; *platform* is spelled as `sys.platform`."""
    if environment.get("COUNTERPROMPT_DATA"):
        return Path(environment["COUNTERPROMPT_DATA"]).expanduser()
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "counterprompt"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "counterprompt"
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "counterprompt"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read settings from the data folder's `settings.json`, overruled by *environment* (default: the process's).

    Raises:
        InvalidInputError: the file is not a JSON object, or holds an unknown setting or a value that is not text.
    """
    environment = os.environ if environment is None else environment
    data_folder = default_data_folder(environment, sys.platform, Path.home())
    chosen = _read_file(data_folder / SETTINGS_FILE)
    chosen.update({name: environment[key] for name, key in _VARIABLES.items() if environment.get(key)})
    return Settings(
        data_folder=data_folder,
        scorer_folder=_folder(chosen.get("scorer_folder")),
        tagger_folder=_folder(chosen.get("tagger_folder")),
        lora_folder=_folder(chosen.get("lora_folder")),
        hf_endpoint=chosen.get("hf_endpoint", DEFAULT_HF_ENDPOINT).rstrip("/"),
    )


def _folder(text: str | None) -> Path | None:
    return Path(text).expanduser() if text else None


def _read_file(path: Path) -> dict[str, str]:
    try:
        parsed = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InvalidInputError(f"The settings file {path} cannot be read ({error}); correct or delete it.") from error
    if not isinstance(parsed, dict):
        raise InvalidInputError(f"The settings file {path} holds no JSON object; correct or delete it.")
    for name, text in parsed.items():
        if name not in _VARIABLES or not isinstance(text, str):
            known = ", ".join(_VARIABLES)
            raise InvalidInputError(f"The settings file {path} holds {name!r} = {text!r}; use text for one of {known}.")
    return parsed
