"""What the form of the Tune step does: LoRA lines, budget, estimate, start. Loaded with its first event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterprompt.errors import InvalidInputError
from counterprompt.jobs.budgets import PRESETS
from counterprompt.search.picture_cost import Drawing
from counterprompt.webui.judging import judged_as
from counterprompt.webui.study_values import StudyOrder
from counterprompt.webui.tab.budget_page import Pace, pace_for, render_estimate, render_measuring
from counterprompt.webui.tab.case import opened_case
from counterprompt.webui.tab.limits import LAYERS
from counterprompt.webui.tab.lora_form import key_of, loras_of, ranges_from
from counterprompt.webui.tab.pace_desk import PaceDesk
from counterprompt.webui.tab.pieces import render_note
from counterprompt.webui.tab.tune_form import choices_from, drawing_from, questions_from, request_from, tuned_prompt
from counterprompt.webui.tab.tune_step import FROM_TXT2IMG, OWN_NUMBER, USUAL_PRESET, show_loras
from counterprompt.webui.tab.tune_values import LayerRow
from counterprompt.workflow.baseline import TuneChoices, baseline_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterprompt.ports import GenerationRequest
    from counterprompt.webui.tab.case import PictureCase
    from counterprompt.webui.tab.services import StudyCounter, TabServices
    from counterprompt.webui.tab.tune_step import TuneStep


class TuneActions:
    """Does what the form asks for; every method returns components with their new values."""

    def __init__(self, services: TabServices, tune: TuneStep) -> None:
        self._services = services
        self._words = services.words
        self._tune = tune
        self._paces = PaceDesk(lambda: self.desk().workplace())

    def desk(self) -> StudyCounter:
        """Return the study desk.

        Raises:
            InvalidInputError: a package is missing, so there is none.
        """
        if self._services.desk is None:
            raise InvalidInputError(self._services.missing or "Studies cannot run here; the console says why.")
        return self._services.desk

    def start(self, opened: PictureCase | None, *values: Any) -> dict[Any, Any]:
        """Order a study; *values* are the form's and those of txt2img."""
        count = len(self._tune.form)
        study = self.desk().start(order_of(opened, values[:count], self._own(values[count:])))
        return {self._tune.chosen: study, self._tune.digest: ""}

    def choose_preset(self, preset: object, budget: object, minutes: object, *tuned: Any) -> dict[Any, Any]:
        """Set the pictures of *preset*; *tuned* is what `estimate` takes."""
        chosen = PRESETS.get(str(preset), budget)
        return {self._tune.budget: chosen, self._tune.estimate: self.estimate(chosen, minutes, *tuned)}

    def choose_budget(self, budget: object, minutes: object, *tuned: Any) -> dict[Any, Any]:
        """Name the preset that has so many pictures, and tell anew how long they take."""
        named = {pictures: name for name, pictures in PRESETS.items()}.get(_whole(budget), OWN_NUMBER)
        return {self._tune.preset: named, self._tune.estimate: self.estimate(budget, minutes, *tuned)}

    def choose_minutes(self, budget: object, minutes: object, *tuned: Any) -> dict[Any, Any]:
        """Tell anew how long it takes."""
        return {self._tune.estimate: self.estimate(budget, minutes, *tuned)}

    def choose_source(
        self, budget: object, minutes: object, opened: PictureCase | None, source: object, *glanced: Any
    ) -> dict[Any, Any]:
        """Show the LoRAs of what is to be tuned, and tell anew how long it takes."""
        rows = loras_of(self._prompt(opened, source, glanced))
        told = {self._tune.estimate: self.estimate(budget, minutes, opened, source, *glanced)}
        return told | show_loras(self._tune, rows, self._words)

    def renew_loras(self, key: object, opened: PictureCase | None, source: object, *glanced: Any) -> dict[Any, Any]:
        """Show the LoRAs where they are others than those of *key*; nothing where they are the same or unreadable."""
        try:
            rows = loras_of(self._prompt(opened, source, glanced))
        except InvalidInputError:  # Start says it, when somebody presses it
            return {}
        if (not key and not rows) or key_of(rows) == key:
            return {}
        return show_loras(self._tune, rows, self._words)

    def measure(self, opened: PictureCase | None, source: object, *own: Any) -> dict[Any, Any]:
        """Begin to measure how long a picture takes."""
        if any(study.state == "running" for study in self.desk().studies()):
            raise InvalidInputError("A study is running and tells its own time; measure when it has ended.")
        self._paces.start(_baseline(opened, source, self._own(own)))
        return {self._tune.estimate: render_measuring(self._words)}

    def estimate(
        self, budget: object, minutes: object, opened: PictureCase | None = None, source: object = "", *glanced: Any
    ) -> str:
        """Tell how long so many pictures take.

        Args:
            budget: pictures.
            minutes: the time limit, 0 for none.
            opened: the picture on the page.
            source: whether its settings are tuned, or those of txt2img.
            glanced: the values of `Txt2imgFields.glanced`.
        """
        measured = self._paces.status
        if measured.is_measuring:
            return render_measuring(self._words)
        pace = pace_for(self._drawing(opened, source, glanced), [*filter(None, (measured.pace, self._studied_pace()))])
        told = render_estimate(_whole(budget) or PRESETS[USUAL_PRESET], max(0, _whole(minutes)), pace, self._words)
        return render_note(self._words(measured.fault), "error") + told if measured.fault else told

    def _studied_pace(self) -> Pace | None:
        cost = self._services.desk.picture_cost if self._services.desk else None
        return Pace(cost, is_studied=True) if cost else None

    def _drawing(self, opened: PictureCase | None, source: object, glanced: tuple[Any, ...]) -> Drawing | None:
        """Say what a picture of the study would be, None where that is not known yet."""
        own = self._glanced(glanced)
        try:
            if source == FROM_TXT2IMG:
                return drawing_from(own) if own else None
            return Drawing.of(baseline_request(opened.story, TuneChoices())) if opened else None
        except InvalidInputError:  # Start says it, when somebody presses it
            return None

    def _prompt(self, opened: PictureCase | None, source: object, glanced: tuple[Any, ...]) -> str:
        if source == FROM_TXT2IMG:
            return str(self._glanced(glanced).get("Prompt") or "")
        return tuned_prompt(opened.story) if opened else ""

    def _glanced(self, values: tuple[Any, ...]) -> dict[str, Any]:
        return dict(zip(self._services.fields.glanced, values))

    def _own(self, values: tuple[Any, ...]) -> dict[str, Any]:
        return dict(zip(self._services.fields.by_label, values))


def order_of(opened: PictureCase | None, form: tuple[Any, ...], own: Mapping[str, Any]) -> StudyOrder:
    """Check the form, in the order of `TuneStep.form`, and return it as an order.

    Raises:
        InvalidInputError: a value is no good, or there is nothing to tune.
    """
    source, count = form[0], len(LAYERS)
    switches, terms, rest = form[1 : 1 + count], form[1 + count : 1 + 2 * count], form[1 + 2 * count :]
    rows = [LayerRow(name, bool(is_on), str(text or "")) for name, is_on, text in zip(LAYERS, switches, terms)]
    loras, cfg_low, cfg_high, budget, minutes, questions, judging = rest
    baseline = request_from(own) if source == FROM_TXT2IMG else None
    if baseline is None and opened is None:
        raise InvalidInputError("There is no picture yet; drop one in step 1, or tune what stands in txt2img.")
    prompt = baseline.prompt if baseline else tuned_prompt(opened_case(opened).story)
    choices = choices_from(rows, (cfg_low, cfg_high), budget, minutes, ranges_from(loras, prompt))
    picture = opened.data if opened else None
    return StudyOrder(picture, baseline, judged_as(judging, choices), prompt[:60], questions_from(questions))


def _baseline(opened: PictureCase | None, source: object, own: Mapping[str, Any]) -> GenerationRequest:
    if source == FROM_TXT2IMG:
        return request_from(own)
    return baseline_request(opened_case(opened).story, TuneChoices())


def _whole(value: object) -> int:
    is_number = isinstance(value, (int, float)) and abs(value) < 1e9
    return int(value) if is_number else 0  # type: ignore[call-overload]  # a number, as was just seen
