"""The model files as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.advice.inventory import InstalledFile, Inventory, ResourceKind
from counterprompt.advice.resources import look_up
from counterprompt.webui.tab.resources_page import render_resources
from counterprompt.webui.tab.words import ENGLISH

if TYPE_CHECKING:
    from tests.webui.tab.conftest import Told


def test_missing_files_come_first(told: Told) -> None:
    """A missing LoRA stands before a checkpoint whose hash nobody knows."""
    kinds = frozenset({ResourceKind.CHECKPOINT, ResourceKind.LORA})
    here = Inventory((InstalledFile(ResourceKind.CHECKPOINT, "dream"),), kinds)
    page = render_resources(look_up(told.params, here, ()), ENGLISH).replace("<!---->", "")

    assert page.index("framed") < page.index("dream")
    assert '<b class="cp-state cp-bad">missing</b>' in page


def test_where_nobody_looked_a_sentence_says_so() -> None:
    """Without an inventory there is no table."""
    assert "nobody looked" in render_resources(None, ENGLISH)


def test_hostile_names_stay_text(told: Told) -> None:
    """The picture's names of files are escaped."""
    from counterprompt.infotext.parse import parse_infotext

    params = parse_infotext("a <lora:<b>x:1>\nSteps: 1, Sampler: Euler, Model: <script>alert(1)</script>")
    page = render_resources(look_up(params, Inventory((), frozenset(ResourceKind)), ()), ENGLISH)

    assert "<script" not in page
