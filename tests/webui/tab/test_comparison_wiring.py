"""How often a comparison is drawn for the pages that look at it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from counterprompt.settings import Settings
from counterprompt.webui.tab.comparison_desk import ComparisonStatus
from counterprompt.webui.tab.comparison_wiring import ComparisonWiring
from counterprompt.webui.tab.services import TabServices


def test_a_comparison_is_rendered_once_until_it_goes_on(tmp_path: Any) -> None:
    """Its pictures take a quarter of a second, which no look of any page pays again."""
    wiring = ComparisonWiring(cast("Any", None), TabServices(Settings(tmp_path)), cast("Any", None))
    before = wiring.render()
    desk = vars(wiring)["_desk"] = SimpleNamespace(status=ComparisonStatus("running", done=3, total=12))
    first, again = wiring.render(), wiring.render()
    desk.status = replace(desk.status, done=4)

    assert "" == before
    assert first is again
    assert "3" in first
    assert first != wiring.render()
