"""The study folder."""

from dataclasses import replace

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.search.folder import PLAN_FILE, create_folder, hold_folder, load_outcome, load_plan
from counterprompt.search.plan import StudyPlan


def test_the_plan_is_kept(plan: StudyPlan, tmp_path):
    """A folder gives back the plan it was made for, and making it again changes nothing."""
    create_folder(tmp_path / "study", plan, "fake")
    create_folder(tmp_path / "study", plan, "fake")

    assert plan == load_plan(tmp_path / "study")
    assert load_outcome(tmp_path / "study") is None


def test_another_study_is_not_overwritten(plan: StudyPlan, tmp_path):
    """Another plan or another scorer is refused where a study lives."""
    create_folder(tmp_path, plan, "fake")

    with pytest.raises(InvalidInputError, match="another study"):
        create_folder(tmp_path, replace(plan, search_seed=5), "fake")
    with pytest.raises(InvalidInputError, match="scored by fake, not clip"):
        create_folder(tmp_path, plan, "clip")


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00"])
def test_a_damaged_plan_is_named(tmp_path, text: str):
    """A plan file that is no JSON object is refused with its name."""
    (tmp_path / PLAN_FILE).write_text(text)

    with pytest.raises(InvalidInputError, match=r"plan\.json is damaged"):
        load_plan(tmp_path)


def test_a_missing_study_is_named(tmp_path):
    """Where there is no study, the folder is named."""
    with pytest.raises(InvalidInputError, match="no study in"):
        load_plan(tmp_path / "nowhere")


def test_a_running_study_is_not_run_twice(tmp_path):
    """While one program holds the folder another is refused; afterwards it is free again."""
    with hold_folder(tmp_path), pytest.raises(InvalidInputError, match="running already"), hold_folder(tmp_path):
        pass
    with hold_folder(tmp_path):
        pass


def test_a_folder_that_cannot_be_locked_is_told(tmp_path):
    """Nobody runs a study in a folder that is not there, so that is not said."""
    with pytest.raises(InvalidInputError, match="cannot be written"), hold_folder(tmp_path / "gone"):
        pass
