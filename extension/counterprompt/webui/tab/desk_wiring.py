"""What happens in the steps Tune and Results: orders to the desk, looks at it, and what is kept of an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio

from counterprompt.errors import InvalidInputError
from counterprompt.report.files import PAGE_FILE
from counterprompt.webui.study_values import RESUMABLE, StudyOrder, StudyStatus
from counterprompt.webui.tab.pieces import render_note
from counterprompt.webui.tab.result_page import render_report, render_result
from counterprompt.webui.tab.study_page import BUSY, digest_of, render_studies, render_study
from counterprompt.webui.tab.tune_form import LAYERS, PRESETS, LayerRow, choices_from, request_from
from counterprompt.webui.tab.tune_step import FROM_TXT2IMG, render_estimate
from counterprompt.webui.tab.write_back import Winner, fields_from, with_winner
from counterprompt.workflow.recipe_shelf import RecipeShelf
from counterprompt.workflow.recipes import export_styles, recipe_from_study

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterprompt.webui.tab.apply_step import Applier, ApplyBar
    from counterprompt.webui.tab.case import PictureCase
    from counterprompt.webui.tab.results_step import ResultsStep
    from counterprompt.webui.tab.services import StudyCounter, TabServices
    from counterprompt.webui.tab.tune_step import TuneStep
    from counterprompt.webui.tab.wiring import Wiring

_LONGEST_ID = 200


class DeskWiring:
    """Ties the steps Tune and Results to the study desk."""

    def __init__(self, wiring: Wiring, services: TabServices, tune: TuneStep, results: ResultsStep) -> None:
        self._wiring = wiring
        self._services = services
        self._words = services.words
        self._tune = tune
        self._results = results

    def wire(self, case: Any, applier: Applier, bar: ApplyBar) -> None:
        """Register every event of both steps."""
        self._wire_form(case)
        tune, results = self._tune, self._results
        looked = [tune.studies, tune.running, tune.pause, tune.resume, tune.stop, tune.chosen, tune.digest]
        looked += [results.result, results.digest, tune.estimate]
        seen = [tune.chosen, tune.digest, results.digest, tune.budget]
        self._wiring.on(tune.look.click, self._look, seen, looked, tune.note, is_quiet=True)
        for name in ("pause", "resume", "stop"):
            button = getattr(tune, name)
            self._wiring.on(button.click, self._ordering(name), seen, looked, tune.note, is_quiet=True)
        self._wiring.on(
            results.write.click,
            self._writer(applier, bar),
            [tune.chosen, *applier.components],
            applier.components,
            bar.note,
        )
        self._wiring.on(results.recipe.click, self._save_recipe, [tune.chosen, results.name], [], results.note)
        self._wiring.on(results.style.click, self._save_style, [tune.chosen, results.name], [], results.note)
        self._wiring.on(results.open_report.click, self._report, [tune.chosen], [results.report], results.note)

    def _wire_form(self, case: Any) -> None:
        tune = self._tune
        labels, fields = zip(*self._services.fields.by_label.items()) if self._services.fields.by_label else ((), ())

        def start(opened: PictureCase | None, *values: Any) -> dict[Any, Any]:
            form, own = values[: len(tune.form)], dict(zip(labels, values[len(tune.form) :]))
            study = self._desk().start(_order(opened, form, own))
            return {tune.chosen: study, tune.digest: ""}

        def set_budget(preset: object) -> dict[Any, Any]:
            return {tune.budget: PRESETS.get(str(preset), PRESETS["balanced"])}

        def estimate(budget: object) -> dict[Any, Any]:
            return {tune.estimate: self._estimate(budget)}

        self._wiring.on(tune.start.click, start, [case, *tune.form, *fields], [tune.chosen, tune.digest], tune.note)
        self._wiring.on(tune.preset.change, set_budget, [tune.preset], [tune.budget], tune.note, is_quiet=True)
        self._wiring.on(tune.budget.change, estimate, [tune.budget], [tune.estimate], tune.note, is_quiet=True)

    def _look(self, chosen: object, digest: object, result_digest: object, budget: object) -> dict[Any, Any]:
        """Show where the chosen study stands; what has not changed is left alone, so that nothing flickers."""
        tune, results, words = self._tune, self._results, self._words
        if self._services.desk is None:
            return {tune.chosen: gradio.update()}
        studies = self._services.desk.studies()
        study = _chosen_of(studies, str(chosen or ""))
        chosen_id = study.id if study else ""
        listed, shown = render_studies(studies, chosen_id, words), render_study(study, words)
        told: dict[Any, Any] = {tune.chosen: chosen_id if chosen_id != chosen else gradio.update()}
        if digest_of(listed + shown) != digest:
            told |= {tune.studies: listed, tune.running: shown, tune.digest: digest_of(listed + shown)}
            told |= {**self._buttons(study), tune.estimate: self._estimate(budget)}
        is_done = study is not None and study.state == "done"
        result_key = chosen_id if is_done else "none"
        if result_key != result_digest:
            desk = self._services.desk
            content, folder = (desk.outcome(chosen_id), desk.folder(chosen_id)) if is_done else (None, None)
            told |= {results.result: render_result(content, folder, words), results.digest: result_key}
        return told

    def _estimate(self, budget: object) -> str:
        pace = self._services.desk.seconds_per_picture if self._services.desk else None
        return render_estimate(int(budget) if isinstance(budget, (int, float)) else 0, pace, self._words)

    def _buttons(self, study: StudyStatus | None) -> dict[Any, Any]:
        state = study.state if study else ""
        can = {self._tune.pause: state in BUSY, self._tune.resume: state in RESUMABLE, self._tune.stop: state in BUSY}
        return {button: gradio.update(interactive=is_able) for button, is_able in can.items()}

    def _ordering(self, name: str) -> Callable[..., dict[Any, Any]]:
        def order(chosen: object, *digests: object) -> dict[Any, Any]:
            getattr(self._desk(), name)(_id(chosen))
            return self._look(chosen, *digests)

        return order

    def _writer(self, applier: Applier, bar: ApplyBar) -> Callable[..., dict[Any, Any]]:
        def write(chosen: object, *values: Any) -> dict[Any, Any]:
            content = self._desk().outcome(_id(chosen))
            if not content.is_gain:
                raise InvalidInputError(
                    "The study proved no gain, so nothing is written; your fields stay as they are."
                )
            best = content.winner
            winner = Winner(best.prompt, best.negative_prompt, best.cfg_scale, best.loras)
            now = fields_from(*values)
            after = with_winner(now, winner, self._services.fields.cfg_steps)
            return applier.write(now, after, self._words("The winner"), bar.note, shows_page=False)

        return write

    def _save_recipe(self, chosen: object, name: object) -> dict[Any, Any]:
        recipe = recipe_from_study(self._desk().folder(_id(chosen)), _name(name))
        RecipeShelf(self._services.settings.recipes_folder).save(recipe)
        return {self._results.note: self._done("Saved as recipe “{name}”.", recipe.name)}

    def _save_style(self, chosen: object, name: object) -> dict[Any, Any]:
        path = self._services.styles_file()
        if path is None:
            raise InvalidInputError("This WebUI has no styles file; save a recipe instead.")
        recipe = recipe_from_study(self._desk().folder(_id(chosen)), _name(name))
        export_styles([recipe], path)
        self._services.reload_styles()
        return {self._results.note: self._done("Saved as style “{name}”; refresh the styles to see it.", recipe.name)}

    def _report(self, chosen: object) -> dict[Any, Any]:
        self._desk().outcome(_id(chosen))
        page = (self._desk().folder(_id(chosen)) / PAGE_FILE).read_text(encoding="utf-8")
        return {self._results.report: render_report(page, self._words)}

    def _done(self, template: str, name: str) -> str:
        return render_note(self._words(template, name=name), "good")

    def _desk(self) -> StudyCounter:
        if self._services.desk is None:
            raise InvalidInputError("Studies cannot run here: a package is missing; restart the WebUI while online.")
        return self._services.desk


def _order(opened: PictureCase | None, form: tuple[Any, ...], own: dict[str, Any]) -> StudyOrder:
    source, count = form[0], len(LAYERS)
    switches, terms, rest = form[1 : 1 + count], form[1 + count : 1 + 2 * count], form[1 + 2 * count :]
    rows = [LayerRow(name, bool(is_on), str(text or "")) for name, is_on, text in zip(LAYERS, switches, terms)]
    choices = choices_from(rows, cfg=rest[2:4], lora=rest[0:2], budget=rest[4])
    if source == FROM_TXT2IMG:
        baseline = request_from(own)
        return StudyOrder(opened.data if opened else None, baseline, choices, baseline.prompt[:60])
    if opened is None:
        raise InvalidInputError("There is no picture yet; drop one in step 1, or tune what stands in txt2img.")
    params = opened.story.reading.params
    return StudyOrder(opened.data, None, choices, (params.prompt if params else opened.story.advice.prompt)[:60])


def _chosen_of(studies: tuple[StudyStatus, ...], chosen: str) -> StudyStatus | None:
    """Return the study that is chosen, else one that runs, else the latest."""
    by_id = {study.id: study for study in studies}
    busy = next((study for study in studies if study.state in BUSY), None)
    return by_id.get(chosen) or busy or (studies[0] if studies else None)


def _id(chosen: object) -> str:
    text = str(chosen or "")[:_LONGEST_ID]
    if not text:
        raise InvalidInputError("No study is chosen; start one in step 3.")
    return text


def _name(name: object) -> str:
    text = " ".join(str(name or "").split())[:100]
    if not text:
        raise InvalidInputError("There is no name to keep it under; type one.")
    return text
