"""What is embedded, as HTML."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from counterprompt.infotext.params import GenerationParams
from counterprompt.webui.tab.empty_page import render_preview
from counterprompt.webui.tab.reading_page import render_reading
from counterprompt.webui.tab.words import ENGLISH

if TYPE_CHECKING:
    from tests.webui.tab.conftest import Told


def test_prompts_and_parameters_are_shown(told: Told) -> None:
    """Both prompts as they stand, each field as a row, and who wrote them."""
    page = render_reading(told, ENGLISH).replace("<!---->", "")

    assert "a cat, red hat, by greg, &lt;lora:framed:0.9&gt;" in page
    assert '<th scope="row">Sampler</th><td>Euler a</td>' in page
    assert "Written by AUTOMATIC1111" in page


def test_a_picture_without_parameters_says_so(told: Told) -> None:
    """Nothing embedded is no error, and notes are still told."""
    page = render_reading(replace(told, params=None, notes=("The picture is cut off.",)), ENGLISH)  # type: ignore[arg-type]

    assert "holds no generation parameters" in page
    assert "The picture is cut off." in page


def test_hostile_fields_stay_text(told: Told) -> None:
    """Neither labels nor values nor the program's name become markup."""
    evil = "<script>alert(1)</script>"
    params = GenerationParams(evil, evil, ((evil, evil),))
    page = render_reading(replace(told, params=params, program=evil, place=evil, notes=(evil,)), ENGLISH)

    assert "<script" not in page
    assert 7 == page.replace("<!---->", "").count("&lt;script&gt;alert(1)&lt;/script&gt;")


def test_the_preview_keeps_its_place() -> None:
    """Before there is a picture its frame stands there with a word."""
    assert "The picture appears here." in render_preview("", ENGLISH)
    assert '<img alt="x">' in render_preview('<img alt="x">', ENGLISH)
