"""Builds the tab: four steps on one page, and what happens between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio

from counterprompt.infotext.params import GenerationParams
from counterprompt.webui.tab.advice_page import TITLES
from counterprompt.webui.tab.applied_record import AppliedRecord
from counterprompt.webui.tab.apply_step import Applier, build_apply_bar
from counterprompt.webui.tab.case import PictureCase, bytes_of_picture, case_with_goal, open_case, opened_case
from counterprompt.webui.tab.chip_choice import parse_moved, prompts_with_moves
from counterprompt.webui.tab.comparison_wiring import wire_comparison
from counterprompt.webui.tab.decide_step import build_decide_step, show_advice
from counterprompt.webui.tab.desk_wiring import DeskWiring
from counterprompt.webui.tab.gallery import infotext_of, picture_at, place_of
from counterprompt.webui.tab.host_parts import (
    FROM_GALLERY,
    FROM_PNGINFO,
    GALLERY,
    GALLERY_INFO,
    PNGINFO_IMAGE,
    PNGINFO_TEXT,
)
from counterprompt.webui.tab.pieces import render_nav
from counterprompt.webui.tab.read_step import build_read_step, show_case
from counterprompt.webui.tab.results_step import build_results_step
from counterprompt.webui.tab.tune_form import offered_rows
from counterprompt.webui.tab.tune_step import build_tune_step, show_layers
from counterprompt.webui.tab.wiring import Wiring, html, unsaved
from counterprompt.webui.tab.write_back import fields_from, with_prompts

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.advice.choice import Choice
    from counterprompt.webui.tab.apply_step import ApplyBar
    from counterprompt.webui.tab.decide_step import DecideStep
    from counterprompt.webui.tab.read_step import ReadStep
    from counterprompt.webui.tab.services import TabServices
    from counterprompt.webui.tab.tune_step import TuneStep
    from counterprompt.webui.tab.words import Words

TAB_ID = "counterprompt"
TAB_LABEL = "Counterprompt"


def build_tab(services: TabServices) -> Any:
    """Build the tab inside its own Blocks and return them; the host renders them beside its own tabs."""
    words = services.words
    wiring = Wiring(words, services.report_fault)
    applier = Applier(services, AppliedRecord(services.settings.data_folder))
    with gradio.Blocks(analytics_enabled=False) as blocks:
        case = unsaved(gradio.State(None))
        with gradio.Column(elem_id="counterprompt_page"):
            titles = (words("Read"), words("Decide"), words("Tune"), words("Results"))
            html(render_nav(titles, words), "counterprompt_nav")
            read = build_read_step(words)
            read_note = html("", "counterprompt_read_note")
            decide = build_decide_step(words)
            tune = build_tune_step(words)
            results = build_results_step(words)
            bar = build_apply_bar()
        _wire_read(wiring, services, (read, decide, tune), case, read_note)
        _wire_decide(wiring, services, decide, case, applier, bar)
        wire_comparison(wiring, services, decide, case)
        _wire_chips(wiring, read, decide, case)
        applier.wire(wiring, bar)
        DeskWiring(wiring, services, tune, results).wire(case, applier, bar)
    return blocks


def _wire_read(
    wiring: Wiring, services: TabServices, steps: tuple[ReadStep, DecideStep, TuneStep], case: Any, note: Any
) -> None:
    read, decide, tune = steps
    wishes = [decide.goal, decide.blocked]
    outputs = [case, *read.shown, *decide.shown, *tune.layers]

    def show(data: object, goal: object, blocked: object) -> dict[Any, Any]:
        opened = None
        if data is not None:
            opened = open_case(data, services.settings, services.inventory(), str(goal), str(blocked or ""))
        layers = show_layers(tune, offered_rows(opened.story)) if opened else {}
        words = services.words
        return {case: opened, **show_case(read, opened, words), **show_advice(decide, opened, words), **layers}

    def take_pnginfo(image: Any, text: object, *wished: object) -> dict[Any, Any]:
        return show(bytes_of_picture(image, str(text or "")), *wished)

    def take_gallery(gallery: Any, info: object, place: object, *wished: object) -> dict[Any, Any]:
        chosen = place_of(place)
        image = picture_at(gallery, chosen, services.open_host_picture)
        return show(bytes_of_picture(image, infotext_of(info, chosen)), *wished)

    wiring.on(read.drop.change, show, [read.drop, *wishes], outputs, note)
    parts = services.parts
    if {FROM_PNGINFO, PNGINFO_IMAGE} <= set(parts):
        sources = [parts[PNGINFO_IMAGE], parts[PNGINFO_TEXT], *wishes]
        wiring.on(parts[FROM_PNGINFO].click, take_pnginfo, sources, outputs, note)
    if {FROM_GALLERY, GALLERY, GALLERY_INFO} <= set(parts):
        sources = [parts[GALLERY], parts[GALLERY_INFO], read.gallery_place, *wishes]
        wiring.on(read.take_gallery.click, take_gallery, sources, outputs, note)


def _wire_decide(
    wiring: Wiring, services: TabServices, decide: DecideStep, case: Any, applier: Applier, bar: ApplyBar
) -> None:
    words = services.words

    def reconsider(opened: PictureCase | None, goal: object, blocked: object) -> dict[Any, Any]:
        changed = case_with_goal(opened, str(goal), str(blocked or "")) if opened else None
        return {case: changed, decide.advice: show_advice(decide, changed, words)[decide.advice]}

    inputs = [case, decide.goal, decide.blocked]
    wiring.on(decide.goal.change, reconsider, inputs, [case, decide.advice], decide.note)
    wiring.on(decide.blocked.change, reconsider, inputs, [case, decide.advice], decide.note)
    for choice, button in decide.send.items():
        wiring.on(
            button.click,
            _sender(choice, applier, words, bar),
            [case, *applier.components],
            applier.components,
            bar.note,
        )

    def send_own(prompt: object, negative_prompt: object, *values: Any) -> dict[Any, Any]:
        now = fields_from(*values)
        own = fields_from(prompt, negative_prompt, now.cfg_scale)
        return applier.write(now, own, words("The prompt from your chips"), bar.note, shows_page=True)

    inputs = [decide.own_prompt, decide.own_negative, *applier.components]
    wiring.on(decide.send_own.click, send_own, inputs, applier.components, bar.note)


def _sender(choice: Choice, applier: Applier, words: Words, bar: ApplyBar) -> Callable[..., dict[Any, Any]]:
    def send(opened: PictureCase | None, *values: Any) -> dict[Any, Any]:
        prompt, negative_prompt = opened_case(opened).story.advice.wordings[choice]
        now = fields_from(*values)
        after = with_prompts(now, prompt, negative_prompt)
        return applier.write(now, after, words(TITLES[choice]), bar.note, shows_page=True)

    return send


def _wire_chips(wiring: Wiring, read: ReadStep, decide: DecideStep, case: Any) -> None:
    def move(opened: PictureCase | None, moved: object) -> dict[Any, Any]:
        diff = opened_case(opened).story.diff
        params = opened_case(opened).story.reading.params or GenerationParams("")
        chosen = prompts_with_moves(params.prompt, params.negative_prompt, diff, parse_moved(str(moved or ""), diff))
        return {decide.own_prompt: chosen.prompt, decide.own_negative: chosen.negative_prompt}

    wiring.on(
        read.apply_moves.click,
        move,
        [case, read.moved],
        [decide.own_prompt, decide.own_negative],
        decide.note,
        is_quiet=True,
    )
