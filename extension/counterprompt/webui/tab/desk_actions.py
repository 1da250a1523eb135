"""What is done with studies: looked at, paused, ended, written back, kept. Loaded with the first look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import gradio

from counterprompt.errors import InvalidInputError
from counterprompt.report.files import PAGE_FILE
from counterprompt.webui.study_values import RESUMABLE, StudyStatus
from counterprompt.webui.tab.choice_page import read_answer, render_choice
from counterprompt.webui.tab.pieces import render_note
from counterprompt.webui.tab.result_page import render_report, render_result
from counterprompt.webui.tab.shown_study import chosen_of, result_of, shown_of
from counterprompt.webui.tab.study_page import BUSY, digest_of, render_studies, render_study
from counterprompt.webui.tab.verdict_words import render_why_not
from counterprompt.webui.tab.write_back import Winner, fields_from, with_winner

if TYPE_CHECKING:
    from counterprompt.webui.study_person import OpenQuestion
    from counterprompt.webui.tab.apply_step import Applier
    from counterprompt.webui.tab.comparison_wiring import ComparisonWiring
    from counterprompt.webui.tab.results_step import ResultsStep
    from counterprompt.webui.tab.services import TabServices
    from counterprompt.webui.tab.tune_actions import TuneActions
    from counterprompt.webui.tab.tune_step import TuneStep

_LONGEST_ID = 200
NO_REPORT = "The report of this study is missing or damaged; put its folder back as it was, or start a new study."


class DeskActions:
    """Does what the steps Tune and Results ask of the study desk."""

    def __init__(
        self,
        services: TabServices,
        steps: tuple[TuneStep, ResultsStep],
        form: TuneActions,
        comparison: ComparisonWiring,
    ) -> None:
        self._services = services
        self._words = services.words
        self._tune, self._results = steps
        self._form = form
        self._comparison = comparison

    def look(
        self, chosen: object, digest: object, budget: object, minutes: object, lora_key: object, *tuned: Any
    ) -> dict[Any, Any]:
        """Show where the chosen study and a comparison stand; what has not changed is left alone: nothing flickers.

        *tuned* is what `TuneActions.estimate` takes last.
        """
        tune, words = self._tune, self._words
        if self._services.desk is None:
            return {tune.chosen: gradio.update(), **self._form.renew_loras(lora_key, *tuned)}
        studies = self._services.desk.studies()
        study = chosen_of(studies, str(chosen or ""))
        chosen_id = study.id if study else ""
        listed = render_studies(studies, chosen_id, words, frozenset(filter(self._question, map(_id_of, studies))))
        asked = self._asked(study)
        running = listed + asked + render_study(study, words, is_asking=bool(asked))
        estimate, comparison = self._form.estimate(budget, minutes, *tuned), self._comparison.render()
        before, now = shown_of(digest), (digest_of(running + estimate), result_of(study), digest_of(comparison))
        told: dict[Any, Any] = {tune.chosen: chosen_id if chosen_id != chosen else gradio.update()}
        if now[0] != before[0]:
            told |= {tune.running: running, tune.estimate: estimate} | self._buttons(study)
        if now[1] != before[1]:
            told |= self._result(study)
        if now[2] != before[2]:
            told[self._comparison.place] = comparison
        return told | {tune.digest: json.dumps(now)} | self._form.renew_loras(lora_key, *tuned)

    def order(self, name: str, chosen: object, *seen: Any) -> dict[Any, Any]:
        """Pause, resume or stop the chosen study, or prove once more what it found, and look."""
        getattr(self._form.desk(), name)(_id(chosen))
        return self.look(chosen, *seen)

    def answer(self, told: object, chosen: object, *seen: Any) -> dict[Any, Any]:
        """Hand in what was clicked below a question, and look."""
        key, text = read_answer(told)
        person = self._form.desk().person(_id(chosen))
        if person is None:
            raise InvalidInputError("The study asks nothing now; resume it, and it goes on asking.")
        person.take(key, text)
        return self.look(chosen, *seen)

    def write_winner(self, applier: Applier, chosen: object, *values: Any) -> dict[Any, Any]:
        """Put the winner into txt2img."""
        content = self._form.desk().outcome(_id(chosen))
        if not content.is_gain:
            raise InvalidInputError("The study proved no gain, so nothing is written; your fields stay as they are.")
        best = content.winner
        winner = Winner(best.prompt, best.negative_prompt, best.cfg_scale, best.loras)
        now = fields_from(*values)
        after = with_winner(now, winner, self._services.fields.cfg_steps)
        return applier.write(now, after, self._words("The winner"), self._results.bar.note, shows_page=False)

    def save_recipe(self, chosen: object, name: object) -> dict[Any, Any]:
        """Keep the winner as a recipe."""
        from counterprompt.workflow.recipe_shelf import RecipeShelf
        from counterprompt.workflow.recipes import recipe_from_study

        recipe = recipe_from_study(self._form.desk().folder(_id(chosen)), _name(name))
        RecipeShelf(self._services.settings.recipes_folder).save(recipe)
        return {self._results.note: self._done("Saved as recipe “{name}”.", recipe.name)}

    def save_style(self, chosen: object, name: object) -> dict[Any, Any]:
        """Keep the winner's negative prompt as a style of the host."""
        from counterprompt.workflow.recipes import export_styles, recipe_from_study

        path = self._services.styles_file()
        if path is None:
            raise InvalidInputError("This WebUI has no styles file; save a recipe instead.")
        recipe = recipe_from_study(self._form.desk().folder(_id(chosen)), _name(name))
        export_styles([recipe], path)
        self._services.reload_styles()
        return {self._results.note: self._done("Saved as style “{name}”; refresh the styles to see it.", recipe.name)}

    def open_report(self, chosen: object) -> dict[Any, Any]:
        """Show the whole report."""
        self._form.desk().outcome(_id(chosen))
        page = (self._form.desk().folder(_id(chosen)) / PAGE_FILE).read_text(encoding="utf-8")
        return {self._results.report: render_report(page, self._words)}

    def _asked(self, study: StudyStatus | None) -> str:
        question = self._question(study.id) if study is not None else None
        if study is None or question is None:
            return ""
        return render_choice(question, self._form.desk().folder(study.id), self._words)

    def _question(self, study_id: str) -> OpenQuestion | None:
        person = self._form.desk().person(study_id)
        return None if person is None else person.question

    def _result(self, study: StudyStatus | None) -> dict[Any, Any]:
        content = folder = fault = None
        if study is not None and result_of(study):
            try:
                content, folder = self._form.desk().outcome(study.id), self._form.desk().folder(study.id)
            except InvalidInputError:  # its folder was deleted or changed meanwhile; the others are still there
                fault = render_note(self._words(NO_REPORT), "error")
        results, is_gain = self._results, content is not None and content.is_gain
        able = {**dict.fromkeys(results.keepers, is_gain), results.open_report: content is not None}
        able[results.prove] = content is not None and content.telling_seeds is not None
        why_not = f'<div id="counterprompt_why_not">{render_why_not(content, self._words)}</div>'
        shown = fault or render_result(content, folder, self._words) + why_not
        return {results.result: shown, **_interactive(able)}

    def _buttons(self, study: StudyStatus | None) -> dict[Any, Any]:
        state = study.state if study else ""
        can = {self._tune.pause: state in BUSY, self._tune.resume: state in RESUMABLE, self._tune.stop: state in BUSY}
        return _interactive(can)

    def _done(self, template: str, name: str) -> str:
        return render_note(self._words(template, name=name), "good")


def _interactive(able: dict[Any, bool]) -> dict[Any, Any]:
    return {button: gradio.update(interactive=is_able) for button, is_able in able.items()}


def _id_of(study: StudyStatus) -> str:
    return study.id


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
