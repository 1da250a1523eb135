"""The command line run in this process, and pictures to give it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from PIL import Image, PngImagePlugin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

INFOTEXT = (
    "a person in a garden, <lora:style:0.9>\n"
    "Negative prompt: low quality\n"
    "Steps: 12, Sampler: Euler, CFG scale: 7, Seed: 5, Size: 64x64, Model: one"
)


class Finished(NamedTuple):
    """What a run of the command line left behind."""

    code: int
    """Exit code."""
    out: str
    """Standard output."""
    err: str
    """Standard error."""


Run = "Callable[..., Finished]"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Finished]:
    """Run the command line with arguments, its data in a temporary folder."""
    pytest.importorskip("typer")
    from counterprompt.cli.main import exit_code_of

    monkeypatch.setenv("COUNTERPROMPT_DATA", str(tmp_path / "data"))
    for name in ("COUNTERPROMPT_DEBUG", "COUNTERPROMPT_AUTH", "COUNTERPROMPT_TAGGER", "COUNTERPROMPT_SCORER"):
        monkeypatch.delenv(name, raising=False)

    def run_arguments(*arguments: object) -> Finished:
        capsys.readouterr()
        code = exit_code_of([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Finished(code, out, err)

    return run_arguments


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture as the WebUI saves it."""
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", INFOTEXT)
    path = tmp_path / "picture.png"
    Image.new("RGB", (64, 64), "red").save(path, pnginfo=info)
    return path
