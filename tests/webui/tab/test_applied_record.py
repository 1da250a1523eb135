"""The record of the last write-back."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.applied_record import RECORD_FILE, AppliedRecord
from counterprompt.webui.tab.write_back import FieldTexts, Written


def test_the_last_one_is_remembered(tmp_path: Path) -> None:
    """A later write-back takes the place of the earlier one, also for another process."""
    record = AppliedRecord(tmp_path / "new")
    for prompt in ("first", "second"):
        record.save(Written(FieldTexts("", "", 7.0), FieldTexts(prompt, "", 7.0)))

    assert "second" == AppliedRecord(tmp_path / "new").load().after.prompt


@pytest.mark.parametrize("text", [None, "{", "[]", "{}"])
def test_without_a_good_record_the_remedy_is_said(tmp_path: Path, text: str | None) -> None:
    """Nothing written yet, or a damaged file: one sentence says what to do."""
    if text is not None:
        (tmp_path / RECORD_FILE).write_text(text)

    with pytest.raises(InvalidInputError, match="write"):
        AppliedRecord(tmp_path).load()
