"""Words in the page's language."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterprompt.webui.tab.words import ENGLISH, load_words


def test_a_table_translates_and_fills_in(tmp_path: Path) -> None:
    """What the table holds is taken from there, everything else stays English; values are filled into both."""
    (tmp_path / "zh_CN.json").write_text('{"{share} sure": "{share}把握"}', "utf-8")
    words = load_words("zh_CN", tmp_path)

    assert "97%把握" == words("{share} sure", share="97%")
    assert "Read 3" == words("Read {n}", n=3)


@pytest.mark.parametrize("language", ["None", "", "../../etc/passwd", "de"])
def test_an_unknown_language_is_english(tmp_path: Path, language: str) -> None:
    """A name that is no localization of ours reads no file."""
    assert "Read" == load_words(language, tmp_path)("Read")
    assert "Read" == ENGLISH("Read")
