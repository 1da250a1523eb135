"""Report content to JSON and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.report.codec import parse_json, render_json

if TYPE_CHECKING:
    from counterprompt.report.content import ReportContent


def test_content_survives_json(content: ReportContent) -> None:
    """What was written is read back equal."""
    assert content == parse_json(render_json(content))


def test_the_json_tells_the_verdict_to_readers(content: ReportContent) -> None:
    """The sentence with gain and interval stands in it."""
    assert "+0.25 to +0.75" in json.loads(render_json(content))["sentence"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"verdict": 1}', '{"unheard": "of"}', "nul", '"text"'],
)
def test_damaged_json_is_refused_plainly(text: str) -> None:
    """Anything that is no report becomes one sentence that names the remedy."""
    with pytest.raises(InvalidInputError, match="resume"):
        parse_json(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"win_rate": 1.0', '"win_rate": "all"'),
        ('"gain": 0.5,\n', '"gain": true,\n'),
        ('"pictures": 240', '"pictures": []'),
    ],
)
def test_a_value_of_another_kind_is_refused(content: ReportContent, old: str, new: str) -> None:
    """Types are checked to the last field."""
    text = render_json(content)
    assert old in text

    with pytest.raises(InvalidInputError):
        parse_json(text.replace(old, new))
