"""Builds the tab: four steps on one page, and what happens between them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import gradio

from counterprompt.webui.tab.apply_step import Applier
from counterprompt.webui.tab.comparison_wiring import ComparisonWiring
from counterprompt.webui.tab.decide_step import build_decide_step
from counterprompt.webui.tab.desk_wiring import DeskWiring
from counterprompt.webui.tab.host_parts import (
    FROM_GALLERY,
    FROM_PNGINFO,
    GALLERY,
    GALLERY_INFO,
    PNGINFO_IMAGE,
    PNGINFO_TEXT,
)
from counterprompt.webui.tab.machinery import build_machinery
from counterprompt.webui.tab.pieces import render_nav, render_note, render_step
from counterprompt.webui.tab.read_step import build_read_step
from counterprompt.webui.tab.results_step import build_results_step
from counterprompt.webui.tab.tune_step import build_tune_step
from counterprompt.webui.tab.unserved import unserved_blocks
from counterprompt.webui.tab.wiring import Wiring, html, unsaved

if TYPE_CHECKING:
    from counterprompt.webui.tab.case_actions import CaseActions
    from counterprompt.webui.tab.decide_step import DecideStep
    from counterprompt.webui.tab.machinery import Machinery
    from counterprompt.webui.tab.read_step import ReadStep
    from counterprompt.webui.tab.services import TabServices
    from counterprompt.webui.tab.tune_step import TuneStep

TAB_ID = "counterprompt"
TAB_LABEL = "Counterprompt"


def build_tab(services: TabServices) -> Any:
    """Build the tab inside its own Blocks and return them; the host renders them beside its own tabs."""
    words = services.words
    wiring = Wiring(words, services.report_fault)
    applier = Applier(services)
    with unserved_blocks() as blocks:
        case = unsaved(gradio.State(None))
        with gradio.Column(elem_id="counterprompt_page"):
            machinery = build_machinery()
            html(_render_top(services), "counterprompt_nav")
            read = build_read_step(words)
            decide = build_decide_step(words)
            tune = build_tune_step(words, machinery)
            results = build_results_step(words)
        pictures = CaseWiring(wiring, services, (read, decide, tune), case)
        pictures.wire_read(machinery)
        pictures.wire_decide(applier, machinery)
        comparison = ComparisonWiring(wiring, services, decide)
        comparison.wire(case)
        applier.wire(wiring, results.bar)
        DeskWiring(wiring, services, (tune, results), comparison).wire(case, applier)
    return blocks


def _render_top(services: TabServices) -> str:
    """Render the way to each step, what is missing here, and the heading of step one."""
    words = services.words
    titles = (words("Read"), words("Decide"), words("Tune"), words("Results"))
    missing = render_note(words(services.missing), "warning") if services.missing else ""
    head = render_step(1, words("Read"), words("Drop a picture. Its parameters stay with it."))
    return f'{render_nav(titles, words)}<div id="counterprompt_missing">{missing}</div>{head}'


class CaseWiring:
    """Ties the steps Read and Decide to what is done with a picture, which is loaded with the first one."""

    def __init__(
        self, wiring: Wiring, services: TabServices, steps: tuple[ReadStep, DecideStep, TuneStep], case: Any
    ) -> None:
        self._wiring = wiring
        self._services = services
        self._steps = steps
        self._case = case

    @cached_property
    def _actions(self) -> CaseActions:
        from counterprompt.webui.tab.case_actions import CaseActions

        return CaseActions(self._services, self._steps, self._case)

    def wire_read(self, machinery: Machinery) -> None:
        """Register where pictures come from."""
        read, decide, tune = self._steps
        on, parts, note = self._wiring.on, self._services.parts, read.reading
        wishes = [decide.goal, decide.blocked]
        outputs = [self._case, *read.shown, *decide.shown, *tune.layers, *tune.lora_lines]
        on(read.drop.change, lambda *values: self._actions.show(*values), [read.drop, *wishes], outputs, note)
        if {FROM_PNGINFO, PNGINFO_IMAGE} <= set(parts):
            sources = [parts[PNGINFO_IMAGE], parts[PNGINFO_TEXT], *wishes]
            on(
                parts[FROM_PNGINFO].click,
                lambda *values: self._actions.take_pnginfo(*values),
                sources,
                outputs,
                note,
            )
        if {FROM_GALLERY, GALLERY, GALLERY_INFO} <= set(parts):
            sources = [parts[GALLERY], parts[GALLERY_INFO], machinery.word, *wishes]
            take = machinery.take_gallery.click
            on(take, lambda *values: self._actions.take_gallery(*values), sources, outputs, note)

    def wire_decide(self, applier: Applier, machinery: Machinery) -> None:
        """Register what is done with the advice and the chips."""
        decide, on, case, written = self._steps[1], self._wiring.on, self._case, applier.components
        inputs, advised = [case, decide.goal, decide.blocked], [case, decide.advice]
        on(decide.goal.change, lambda *values: self._actions.reconsider(*values), inputs, advised, decide.note)
        on(decide.blocked.change, lambda *values: self._actions.reconsider(*values), inputs, advised, decide.note)
        on(
            machinery.send.click,
            lambda *values: self._actions.send(applier, *values),
            [case, machinery.word, *written],
            written,
            decide.note,
        )
        own = [decide.own_prompt, decide.own_negative]
        on(
            decide.send_own.click,
            lambda *values: self._actions.send_own(applier, *values),
            [*own, *written],
            written,
            decide.note,
        )
        on(
            machinery.apply_moves.click,
            lambda *values: self._actions.move(*values),
            [case, machinery.word],
            own,
            decide.note,
            is_quiet=True,
        )
