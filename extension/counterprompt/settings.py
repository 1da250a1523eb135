"""What the user has set for this machine: where models and studies lie."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from counterprompt.errors import InvalidInputError
from counterprompt.places import expanded

DEFAULT_HF_ENDPOINT = "https://huggingface.co"
"""Where models come from unless HF_ENDPOINT names a mirror."""

SETTINGS_FILE = "settings.json"
"""Name of the settings file inside the data folder."""

SCORER_PRECISIONS = ("auto", "fp16", "bf16", "fp32")
"""What a scorer can reckon in on a card; "auto" is fp16."""

_VARIABLES = {
    "scorer_folder": "COUNTERPROMPT_SCORER",
    "tagger_folder": "COUNTERPROMPT_TAGGER",
    "lora_folder": "COUNTERPROMPT_LORAS",
    "hf_endpoint": "HF_ENDPOINT",
    "model_folders": "COUNTERPROMPT_MODEL_FOLDERS",
    "tagger_provider": "COUNTERPROMPT_TAGGER_PROVIDER",
    "tagger_idle_seconds": "COUNTERPROMPT_TAGGER_IDLE_SECONDS",
    "scorer_device": "COUNTERPROMPT_SCORER_DEVICE",
    "scorer_precision": "COUNTERPROMPT_SCORER_PRECISION",
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
    """A tagger's folder, ONNX file or name (see `tagging.tagger_store`), or None for the miniature's."""
    lora_folder: Path | None = None
    """LoRA files for the diffusers generator, or None."""
    hf_endpoint: str = DEFAULT_HF_ENDPOINT
    """The Hugging Face hub or its mirror."""
    model_folders: tuple[Path, ...] = ()
    """Folders of other programs (a WebUI, ComfyUI, kohya's scripts) or plain ones in which to look for taggers."""
    tagger_provider: str = "cpu"
    """What taggers run on: "cpu", "auto" or another of `tagging.providers.PROVIDERS`."""
    tagger_idle_seconds: float = 300.0
    """Seconds without use after which a tagger is unloaded; 0 unloads at once, below 0 never."""
    scorer_device: str = "auto"
    """What scorers work on: "auto" (a card where there is one), "cpu", "cuda" or "cuda:N"."""
    scorer_precision: str = "auto"
    """What scorers reckon in on a card, one of SCORER_PRECISIONS; on the processor it is 32 bits."""

    @property
    def taggers_folder(self) -> Path:
        """Where downloaded taggers go."""
        return self.data_folder / "taggers"

    @property
    def scorers_folder(self) -> Path:
        """Where the weights of preference models go, each in a folder of its own."""
        return self.data_folder / "scorers"

    @property
    def recipes_folder(self) -> Path:
        """Where recipes are kept."""
        return self.data_folder / "recipes"

    @property
    def studies_folder(self) -> Path:
        """Where a study goes that was given no folder."""
        return self.data_folder / "studies"


def default_data_folder(environment: Mapping[str, str], platform: str, home: Path) -> Path:
    """Return the platform's place for an application's data; *platform* is spelled as `sys.platform`."""
    if environment.get("COUNTERPROMPT_DATA"):
        return expanded(Path(environment["COUNTERPROMPT_DATA"]))
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "counterprompt"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "counterprompt"
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "counterprompt"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read settings from the data folder's `settings.json`, overruled by *environment* (default: the process's).

    Raises:
        InvalidInputError: the file is not a JSON object, or holds an unknown setting or a value that is not text; a
            number of seconds or a precision is none.
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
        model_folders=tuple(expanded(Path(name)) for name in chosen.get("model_folders", "").split(os.pathsep) if name),
        tagger_provider=chosen.get("tagger_provider", "cpu").lower(),
        scorer_device=chosen.get("scorer_device", "auto").lower(),
        scorer_precision=_precision("scorer_precision", chosen.get("scorer_precision", "auto")),
        tagger_idle_seconds=_seconds("tagger_idle_seconds", chosen.get("tagger_idle_seconds", "300")),
    )


def _folder(text: str | None) -> Path | None:
    return expanded(Path(text)) if text else None


def _precision(name: str, text: str) -> str:
    if text.lower() not in SCORER_PRECISIONS:
        raise InvalidInputError(f"The setting {name} is {text!r}; give one of {', '.join(SCORER_PRECISIONS)}.")
    return text.lower()


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise InvalidInputError(f"The setting {name} is {text!r}; give a number of seconds such as 300.")
    return seconds


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
