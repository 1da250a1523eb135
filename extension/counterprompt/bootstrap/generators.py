"""Which generator draws."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.bootstrap.miniature import miniature_generator
from counterprompt.bootstrap.webuis import DEFAULT_URL, load_webuis, loaded_checkpoint
from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.ports import ImageGenerator
    from counterprompt.workflow.baseline import TuneChoices

GENERATORS = ("miniature", "diffusers", "webui", "fake")
"""Kinds of generators, as `--generator` spells them; the fake one has a known optimum and draws nothing, for tests."""

HOST = "host"
"""Kind of the generator inside a WebUI's own process, which nobody but the extension there can load."""


@dataclass(frozen=True)
class GeneratorChoice:
    """Which generator to use. Holds no secret, so that it can be written down with the study."""

    kind: str = "miniature"
    """One of GENERATORS, or HOST."""
    url: str = DEFAULT_URL
    """Address of the WebUI; several are separated by blanks."""
    checkpoint: str = ""
    """Checkpoint file or folder for diffusers."""
    lora_folder: str = ""
    """LoRA files for diffusers."""

    def __post_init__(self) -> None:
        if self.kind not in (*GENERATORS, HOST):
            raise InvalidInputError(f"There is no generator {self.kind!r}; use one of {', '.join(GENERATORS)}.")
        if self.kind == "diffusers" and not self.checkpoint:
            raise InvalidInputError("The diffusers generator needs a checkpoint; name its file with --checkpoint.")

    def notes(self) -> dict[str, str]:
        """Return what a resumed study needs to find the generator again."""
        return {"generator": self.kind, "url": self.url, "checkpoint": self.checkpoint, "lora_folder": self.lora_folder}

    @classmethod
    def from_notes(cls, notes: Mapping[str, str]) -> GeneratorChoice:
        """Read the choice back from a study's notes."""
        return cls(
            notes.get("generator", "miniature"),
            notes.get("url", DEFAULT_URL),
            notes.get("checkpoint", ""),
            notes.get("lora_folder", ""),
        )


def load_generator(choice: GeneratorChoice, auth: str | None = None) -> ImageGenerator:
    """Return the generator of *choice*; *auth* is "USER:PASSWORD" of a WebUI, which must answer.

    Raises:
        MissingModelError: the checkpoint is not there.
        InvalidInputError: *auth* has no colon, a URL is none, several WebUIs have different checkpoints loaded, or the
            study is one of a WebUI's tab.
        GeneratorError: the WebUI does not answer.
    """
    if choice.kind == HOST:
        raise InvalidInputError("This study was begun in a WebUI; resume it there, in the tab Counterprompt.")
    if choice.kind == "fake":
        from counterprompt.generation.fake import FakeGenerator

        return FakeGenerator()
    if choice.kind == "webui":
        return load_webuis(choice.url, auth)
    if choice.kind == "miniature":
        return miniature_generator()
    from counterprompt.generation.diffusers_generator import DiffusersGenerator

    return DiffusersGenerator(Path(choice.checkpoint), Path(choice.lora_folder) if choice.lora_folder else None)


def model_name(choice: GeneratorChoice, generator: ImageGenerator) -> str:
    """Name the checkpoint that draws."""
    loaded = loaded_checkpoint(generator)
    if loaded is not None:
        return loaded
    return Path(choice.checkpoint).stem if choice.kind == "diffusers" else choice.kind


def fit_choices(choices: TuneChoices, choice: GeneratorChoice) -> TuneChoices:
    """Return *choices* as the generator can do them.

    The miniature has one size and needs few steps; the API of a WebUI draws only consecutive seeds in one call.
    """
    if choice.kind == "webui":
        from counterprompt.generation.webui_api import BATCH_SIZE

        return replace(choices, seed_run=BATCH_SIZE)
    if choice.kind != "miniature":
        return choices
    from counterprompt.miniature.demo import USUAL_STEPS
    from counterprompt.miniature.world import SIZE

    return replace(choices, size=choices.size or (SIZE, SIZE), steps=choices.steps or USUAL_STEPS)
