"""What is done with a picture: read and shown, advised on, its prompts sent, its chips moved.

Loaded with the first picture: a host's start waits for every module that the tab's building imports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.infotext.params import GenerationParams
from counterprompt.webui.tab.advice_page import TITLES, choice_of
from counterprompt.webui.tab.case import bytes_of_picture, case_with_goal, open_case, opened_case
from counterprompt.webui.tab.chip_choice import parse_moved, prompts_with_moves
from counterprompt.webui.tab.decide_step import show_advice
from counterprompt.webui.tab.gallery import infotext_of, picture_at, place_of
from counterprompt.webui.tab.lora_form import loras_of
from counterprompt.webui.tab.read_step import show_case
from counterprompt.webui.tab.tune_form import offered_rows, tuned_prompt
from counterprompt.webui.tab.tune_step import show_layers, show_loras
from counterprompt.webui.tab.write_back import fields_from, with_prompts

if TYPE_CHECKING:
    from counterprompt.webui.tab.apply_step import Applier
    from counterprompt.webui.tab.case import PictureCase
    from counterprompt.webui.tab.decide_step import DecideStep
    from counterprompt.webui.tab.read_step import ReadStep
    from counterprompt.webui.tab.services import TabServices
    from counterprompt.webui.tab.tune_step import TuneStep


class CaseActions:
    """Does what the steps Read and Decide ask for; every method returns components with their new values."""

    def __init__(self, services: TabServices, steps: tuple[ReadStep, DecideStep, TuneStep], case: Any) -> None:
        self._services = services
        self._words = services.words
        self._read, self._decide, self._tune = steps
        self._case = case

    def show(self, data: object, goal: object, blocked: object) -> dict[Any, Any]:
        """Read the picture *data* and show all that is known of it; without one the steps are empty again."""
        opened, offered = None, {}
        if data is not None:
            opened = open_case(data, self._services.settings, self._services.inventory(), str(goal), str(blocked or ""))
            loras = loras_of(tuned_prompt(opened.story))
            offered = {
                **show_layers(self._tune, offered_rows(opened.story)),
                **show_loras(self._tune, loras, self._words),
            }
        shown = {**show_case(self._read, opened, self._words), **show_advice(self._decide, opened, self._words)}
        return {self._case: opened, **shown, **offered}

    def take_pnginfo(self, image: Any, text: object, *wished: object) -> dict[Any, Any]:
        """Read the picture of PNG Info."""
        return self.show(bytes_of_picture(image, str(text or "")), *wished)

    def take_gallery(self, gallery: Any, info: object, place: object, *wished: object) -> dict[Any, Any]:
        """Read the chosen picture of the gallery under txt2img."""
        chosen = place_of(place)
        image = picture_at(gallery, chosen, self._services.open_host_picture)
        return self.show(bytes_of_picture(image, infotext_of(info, chosen)), *wished)

    def reconsider(self, opened: PictureCase | None, goal: object, blocked: object) -> dict[Any, Any]:
        """Advise anew for another goal."""
        changed = case_with_goal(opened, str(goal), str(blocked or "")) if opened else None
        advice = self._decide.advice
        return {self._case: changed, advice: show_advice(self._decide, changed, self._words)[advice]}

    def send(self, applier: Applier, opened: PictureCase | None, choice: object, *values: Any) -> dict[Any, Any]:
        """Put the prompt of *choice*, by its name, into txt2img."""
        chosen = choice_of(choice)
        prompt, negative_prompt = opened_case(opened).story.advice.wordings[chosen]
        now = fields_from(*values)
        after = with_prompts(now, prompt, negative_prompt)
        return applier.write(now, after, self._words(TITLES[chosen]), self._decide.note, shows_page=True)

    def send_own(self, applier: Applier, prompt: object, negative_prompt: object, *values: Any) -> dict[Any, Any]:
        """Put the prompts of the chips into txt2img."""
        now = fields_from(*values)
        own = fields_from(prompt, negative_prompt, now.cfg_scale)
        return applier.write(now, own, self._words("The prompt from your chips"), self._decide.note, shows_page=True)

    def move(self, opened: PictureCase | None, moved: object) -> dict[Any, Any]:
        """Say the prompts that come of the moved chips."""
        diff = opened_case(opened).story.diff
        params = opened_case(opened).story.reading.params or GenerationParams("")
        chosen = prompts_with_moves(params.prompt, params.negative_prompt, diff, parse_moved(str(moved or ""), diff))
        return {self._decide.own_prompt: chosen.prompt, self._decide.own_negative: chosen.negative_prompt}
