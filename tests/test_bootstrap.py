"""The choice of concrete adapters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from counterprompt.bootstrap import GeneratorChoice, fit_choices, load_generator
from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.workflow import TuneChoices

EXTENSION = Path(__file__).parents[1] / "extension"


def test_a_choice_survives_the_studys_notes() -> None:
    """What was chosen is found again on resuming."""
    choice = GeneratorChoice("webui", "http://host:1", "", "loras")

    assert choice == GeneratorChoice.from_notes(choice.notes())


@pytest.mark.parametrize(("kind", "said"), [("oracle", "oracle"), ("diffusers", "--checkpoint")])
def test_a_choice_that_cannot_be_is_refused(kind: str, said: str) -> None:
    """Unknown kinds, and diffusers without a checkpoint, name the remedy."""
    with pytest.raises(InvalidInputError, match=said):
        GeneratorChoice(kind)


def test_the_miniature_has_one_size() -> None:
    """A picture of any size is tuned at the miniature's, with the steps it needs, unless the user says otherwise."""
    miniature = GeneratorChoice("miniature")

    assert TuneChoices(size=(64, 64), steps=10) == fit_choices(TuneChoices(), miniature)
    assert TuneChoices(size=(64, 64), steps=4) == fit_choices(TuneChoices(steps=4), miniature)
    assert TuneChoices() == fit_choices(TuneChoices(), GeneratorChoice("fake"))


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is told before anything is loaded."""
    pytest.importorskip("diffusers")

    with pytest.raises(MissingModelError, match="nowhere"):
        load_generator(GeneratorChoice("diffusers", checkpoint=str(tmp_path / "nowhere.safetensors")))


def test_reading_a_picture_loads_no_framework() -> None:
    """The command line's cheap commands stay cheap: neither numpy nor torch is imported for `read`."""
    code = (
        f"import sys; sys.path.insert(0, {str(EXTENSION)!r})\n"
        "from counterprompt.cli.main import exit_code_of\n"
        "exit_code_of(['read', 'nowhere.png'])\n"
        "print(sorted({'torch', 'optuna', 'diffusers', 'onnxruntime', 'open_clip'} & set(sys.modules)))"
    )

    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)

    assert "[]\n" == finished.stdout
