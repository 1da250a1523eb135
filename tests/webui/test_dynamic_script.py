"""Tests for the accordion's script: what a host gets from it, and how often."""

from __future__ import annotations

import pytest

gradio = pytest.importorskip("gradio", reason="a WebUI brings it; CI has environments with both its majors")

from counterprompt.webui.dynamic_script import DynamicNegativeScript  # noqa: E402
from counterprompt.webui.tune_script import TuneScript  # noqa: E402


@pytest.mark.parametrize("script_class", [DynamicNegativeScript, TuneScript])
def test_who_asks_again_gets_the_same_values_and_no_second_page(script_class: type) -> None:
    """Hosts ask twice more for what API calls begin with: controls that differ from the page's in nothing but looks."""
    script = script_class()
    with gradio.Blocks(analytics_enabled=False):
        shown = script.ui(False)
    with gradio.Blocks(analytics_enabled=False) as unseen:
        again = [script.ui(False), script.ui(False)]

    told = [(type(each), each.value) for each in shown]
    assert [told, told] == [[(type(each), each.value) for each in controls] for controls in again]
    assert not set(map(id, shown)) & set(map(id, again[0]))
    assert len(shown) <= len(unseen.blocks) <= len(shown) + 2  # besides them gradio's own forms
