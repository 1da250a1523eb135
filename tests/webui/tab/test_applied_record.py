"""The record of what was written into txt2img."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.applied_record import MOST_STEPS, RECORD_FILE, AppliedRecord
from counterprompt.webui.tab.write_back import FieldTexts, Written, written_to_json


def _step(before: str, after: str) -> Written:
    return Written(FieldTexts(before, "", 7.0), FieldTexts(after, "", 7.0))


def _recorded(folder: Path, *prompts: str) -> AppliedRecord:
    for before, after in zip(("", *prompts), prompts):
        AppliedRecord(folder).save(_step(before, after))
    return AppliedRecord(folder)


def test_the_last_one_is_remembered(tmp_path: Path) -> None:
    """What is applied again is the latest write-back, also for another process."""
    assert "second" == _recorded(tmp_path / "new", "first", "second").load().after.prompt


def test_each_undo_goes_one_step_further_back(tmp_path: Path) -> None:
    """Three write-backs are taken back one by one, then a sentence says that there are no more."""
    record = _recorded(tmp_path, "a", "b", "c")

    assert ["b", "a", ""] == [record.undo().before.prompt for _ in range(3)]
    with pytest.raises(InvalidInputError, match="undone"):
        record.undo()


def test_what_was_taken_back_comes_again_in_order(tmp_path: Path) -> None:
    """Apply again brings back what was undone last, then the step after it, then the newest as often as wished."""
    record = _recorded(tmp_path, "a", "b")
    record.undo()
    record.undo()

    told = []
    for _ in range(3):
        told.append((record.load().after.prompt, record.redo()))
    assert [("a", True), ("b", True), ("b", False)] == told


def test_a_new_step_takes_the_place_of_what_was_undone(tmp_path: Path) -> None:
    """After an undo another write-back stands behind what is left."""
    record = _recorded(tmp_path, "a", "b")
    record.undo()
    record.save(_step("a", "c"))

    assert ["a", ""] == [record.undo().before.prompt for _ in range(2)]


def test_the_record_does_not_grow_for_ever(tmp_path: Path) -> None:
    """The oldest steps go first."""
    record = _recorded(tmp_path, *(str(number) for number in range(MOST_STEPS + 5)))

    assert "4" == [record.undo() for _ in range(MOST_STEPS)][-1].before.prompt


def test_a_record_of_one_step_is_read(tmp_path: Path) -> None:
    """What an earlier version kept can still be undone."""
    (tmp_path / RECORD_FILE).write_text(json.dumps(written_to_json(_step("old", "new"))))

    assert "old" == AppliedRecord(tmp_path).undo().before.prompt


@pytest.mark.parametrize("text", [None, "{", "[]", "{}", '{"steps": [], "undone": 0}', '{"steps": 1, "undone": "x"}'])
def test_without_a_good_record_the_remedy_is_said(tmp_path: Path, text: str | None) -> None:
    """Nothing written yet, or a damaged file: one sentence says what to do."""
    if text is not None:
        (tmp_path / RECORD_FILE).write_text(text)

    with pytest.raises(InvalidInputError, match="write"):
        AppliedRecord(tmp_path).load()


def test_a_folder_that_cannot_be_written_is_named_by_its_setting(tmp_path: Path) -> None:
    """No path of this machine is shown to whoever sees the page."""
    (tmp_path / "file").write_text("")

    with pytest.raises(InvalidInputError) as told:
        AppliedRecord(tmp_path / "file").save(_step("", "a"))
    assert str(tmp_path) not in str(told.value)


def test_clicks_of_two_browsers_lose_no_step(tmp_path: Path) -> None:
    """Twenty write-backs of four threads are twenty steps, and as many undos give each of them back once."""
    wanted = [str(number) for number in range(MOST_STEPS)]

    with ThreadPoolExecutor(4) as browsers:
        list(browsers.map(lambda name: AppliedRecord(tmp_path).save(_step(name, name)), wanted))
        undone = list(browsers.map(lambda _: AppliedRecord(tmp_path).undo().before.prompt, wanted))

    assert sorted(wanted) == sorted(undone)
