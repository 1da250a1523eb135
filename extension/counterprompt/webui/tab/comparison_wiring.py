"""What happens when prompts are compared: started, stopped, shown; what does it is loaded with the first one."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError

if TYPE_CHECKING:
    from counterprompt.webui.tab.case import PictureCase
    from counterprompt.webui.tab.comparison_desk import ComparisonDesk, ComparisonStatus
    from counterprompt.webui.tab.decide_step import DecideStep
    from counterprompt.webui.tab.services import TabServices
    from counterprompt.webui.tab.wiring import Wiring


class ComparisonWiring:
    """Ties the step Decide to a comparison in the background."""

    def __init__(self, wiring: Wiring, services: TabServices, decide: DecideStep) -> None:
        self._wiring = wiring
        self._services = services
        self._decide = decide
        self._rendered: tuple[ComparisonStatus | None, str] = None, ""

    def wire(self, case: Any) -> None:
        """Register the events."""
        decide, on = self._decide, self._wiring.on
        on(decide.compare.click, self._start, [case, decide.seeds], [decide.comparison], decide.note)
        on(decide.stop.click, self._stop, [], [decide.comparison], decide.note)

    @cached_property
    def _desk(self) -> ComparisonDesk:
        from counterprompt.webui.tab.comparison_desk import ComparisonDesk

        counter = self._services.desk
        if counter is None:
            raise InvalidInputError(self._services.missing or "Prompts cannot be compared here; the console says why.")
        return ComparisonDesk(counter.workplace)

    @property
    def place(self) -> Any:
        """The component that shows where the comparison stands."""
        return self._decide.comparison

    def render(self) -> str:
        """Render where the comparison stands, "" before the first one."""
        if "_desk" not in vars(self):
            return ""
        from counterprompt.webui.tab.comparison_page import render_comparison

        status = self._desk.status
        if self._rendered[0] is not status:  # its pictures are made small once, not with every look of every page
            self._rendered = status, render_comparison(status, self._services.words)
        return self._rendered[1]

    def _start(self, opened: PictureCase | None, seeds: object) -> dict[Any, Any]:
        from counterprompt.webui.tab.case import opened_case

        picture = opened_case(opened)
        self._desk.start(picture.data, picture.goal, int(seeds) if isinstance(seeds, (int, float)) else 0)
        return {self.place: self.render()}

    def _stop(self) -> dict[Any, Any]:
        self._desk.stop()
        return {self.place: self.render()}
