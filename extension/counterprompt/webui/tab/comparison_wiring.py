"""What happens when prompts are compared: started, looked at, stopped; loaded with the first comparison."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import gradio

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from counterprompt.webui.tab.case import PictureCase
    from counterprompt.webui.tab.comparison_desk import ComparisonDesk
    from counterprompt.webui.tab.decide_step import DecideStep
    from counterprompt.webui.tab.services import TabServices
    from counterprompt.webui.tab.wiring import Wiring


class ComparisonWiring:
    """Ties the step Decide to a comparison in the background."""

    def __init__(self, wiring: Wiring, services: TabServices, decide: DecideStep) -> None:
        self._wiring = wiring
        self._services = services
        self._decide = decide

    def wire(self, case: Any) -> None:
        """Register the events."""
        decide, on = self._decide, self._wiring.on
        shown = [decide.comparison, decide.digest]
        on(decide.compare.click, self._start, [case, decide.seeds], shown, decide.note)
        on(decide.stop.click, self._stop, [], shown, decide.note)
        on(decide.look.click, self._look, [decide.digest], shown, decide.note, is_quiet=True)

    @cached_property
    def _desk(self) -> ComparisonDesk:
        from counterprompt.webui.tab.comparison_desk import ComparisonDesk

        counter = self._services.desk
        if counter is None:
            raise InvalidInputError(self._services.missing or "Prompts cannot be compared here; the console says why.")
        return ComparisonDesk(counter.workplace)

    def _look(self, digest: object) -> dict[Any, Any]:
        from counterprompt.webui.tab.comparison_page import render_comparison
        from counterprompt.webui.tab.study_page import digest_of

        shown = render_comparison(self._desk.status, self._services.words)
        if digest_of(shown) == digest:
            return {self._decide.comparison: gradio.update()}
        return {self._decide.comparison: shown, self._decide.digest: digest_of(shown)}

    def _start(self, opened: PictureCase | None, seeds: object) -> dict[Any, Any]:
        from counterprompt.webui.tab.case import opened_case

        picture = opened_case(opened)
        self._desk.start(picture.data, picture.goal, int(seeds) if isinstance(seeds, (int, float)) else 0)
        return self._look("")

    def _stop(self) -> dict[Any, Any]:
        self._desk.stop()
        return self._look("")
