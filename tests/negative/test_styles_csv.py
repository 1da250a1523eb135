"""The WebUI's styles file."""

from __future__ import annotations

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.negative.styles_csv import StyleRow, parse_styles, render_styles, with_styles

ROWS = (StyleRow("a, b", 'say "hi"', "x\ny"), StyleRow("水", "", "blurry, (noisy:1.2)"))


def test_styles_come_back() -> None:
    """Commas, quotes, line ends and other scripts survive."""
    assert ROWS == parse_styles(render_styles(ROWS))


def test_old_files_are_read() -> None:
    """Before negative prompts the second column was called text; rows without a name are left out."""
    assert (StyleRow("old", "a cat", ""),) == parse_styles("name,text\nold,a cat\n,lost\n")


def test_an_empty_file_holds_no_styles() -> None:
    """A new file is no mistake."""
    assert () == parse_styles("")


def test_a_file_of_another_kind_is_refused() -> None:
    """A table without names is not the WebUI's."""
    with pytest.raises(InvalidInputError, match="column called name"):
        parse_styles("a,b\n1,2")


def test_styles_of_others_stay() -> None:
    """A new style goes behind, one of the same name is replaced only when that is wanted."""
    new = StyleRow("a, b", "", "z")

    assert (*ROWS, StyleRow("c", "", "z")) == with_styles(ROWS, [StyleRow("c", "", "z")])
    assert ROWS == with_styles(ROWS, [ROWS[0]])
    assert (new, ROWS[1]) == with_styles(ROWS, [new], replace=True)
    with pytest.raises(InvalidInputError, match="--replace"):
        with_styles(ROWS, [new])
