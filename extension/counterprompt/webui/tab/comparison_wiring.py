"""What happens when prompts are compared: started, looked at, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio

from counterprompt.errors import InvalidInputError
from counterprompt.webui.tab.case import PictureCase, opened_case
from counterprompt.webui.tab.comparison_desk import ComparisonDesk
from counterprompt.webui.tab.comparison_page import render_comparison
from counterprompt.webui.tab.study_page import digest_of

if TYPE_CHECKING:
    from counterprompt.webui.tab.decide_step import DecideStep
    from counterprompt.webui.tab.services import TabServices
    from counterprompt.webui.tab.wiring import Wiring


def wire_comparison(wiring: Wiring, services: TabServices, decide: DecideStep, case: Any) -> None:
    """Register the events of the comparison."""
    words = services.words
    counter = services.desk
    desk = None if counter is None else ComparisonDesk(lambda: counter.workplace())

    def look(digest: object) -> dict[Any, Any]:
        shown = render_comparison(_needed(desk).status, words)
        if digest_of(shown) == digest:
            return {decide.comparison: gradio.update()}
        return {decide.comparison: shown, decide.digest: digest_of(shown)}

    def start(opened: PictureCase | None, seeds: object) -> dict[Any, Any]:
        picture = opened_case(opened)
        _needed(desk).start(picture.data, picture.goal, int(seeds) if isinstance(seeds, (int, float)) else 0)
        return look("")

    def stop() -> dict[Any, Any]:
        _needed(desk).stop()
        return look("")

    shown = [decide.comparison, decide.digest]
    wiring.on(decide.compare.click, start, [case, decide.seeds], shown, decide.note)
    wiring.on(decide.stop.click, stop, [], shown, decide.note)
    wiring.on(decide.look.click, look, [decide.digest], shown, decide.note, is_quiet=True)


def _needed(desk: ComparisonDesk | None) -> ComparisonDesk:
    if desk is None:
        raise InvalidInputError(
            "Prompts cannot be compared here: a package is missing; restart the WebUI while online."
        )
    return desk
