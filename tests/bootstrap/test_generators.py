"""Which generator draws."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterprompt.bootstrap.generators import GeneratorChoice, fit_choices, load_generator
from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.workflow.baseline import TuneChoices


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


def test_a_webui_gets_seeds_in_runs() -> None:
    """Its API draws only consecutive seeds in one call, so a study on it has such."""
    assert TuneChoices(seed_run=4) == fit_choices(TuneChoices(), GeneratorChoice("webui", "http://host:1"))


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is told before anything is loaded."""
    pytest.importorskip("diffusers")

    with pytest.raises(MissingModelError, match="nowhere"):
        load_generator(GeneratorChoice("diffusers", checkpoint=str(tmp_path / "nowhere.safetensors")))
