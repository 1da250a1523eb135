"""Which events of the steps Tune and Results do what; what they do is loaded with the first of them."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterprompt.webui.tab.apply_step import Applier
    from counterprompt.webui.tab.comparison_wiring import ComparisonWiring
    from counterprompt.webui.tab.desk_actions import DeskActions
    from counterprompt.webui.tab.results_step import ResultsStep
    from counterprompt.webui.tab.services import TabServices
    from counterprompt.webui.tab.tune_actions import TuneActions
    from counterprompt.webui.tab.tune_step import TuneStep
    from counterprompt.webui.tab.wiring import Wiring


class DeskWiring:
    """Ties the steps Tune and Results to the study desk."""

    def __init__(
        self,
        wiring: Wiring,
        services: TabServices,
        steps: tuple[TuneStep, ResultsStep],
        comparison: ComparisonWiring,
    ) -> None:
        self._wiring = wiring
        self._services = services
        self._tune, self._results = steps
        self._comparison = comparison

    @cached_property
    def _form(self) -> TuneActions:
        from counterprompt.webui.tab.tune_actions import TuneActions

        return TuneActions(self._services, self._tune)

    @cached_property
    def _desk(self) -> DeskActions:
        from counterprompt.webui.tab.desk_actions import DeskActions

        return DeskActions(self._services, (self._tune, self._results), self._form, self._comparison)

    def wire(self, case: Any, applier: Applier) -> None:
        """Register every event of both steps."""
        self._wire_form(case)
        self._wire_limits(case)
        self._wire_looks(case)
        self._wire_results(applier)

    def _wire_form(self, case: Any) -> None:
        tune, on = self._tune, self._wiring.on
        fields = list(self._services.fields.by_label.values())
        on(
            tune.start.click,
            lambda *values: self._form.start(*values),
            [case, *tune.form, *fields],
            [tune.chosen, tune.digest],
            tune.note,
        )
        on(
            tune.measure.click,
            lambda *values: self._form.measure(*values),
            [case, tune.source, *fields],
            [tune.estimate],
            tune.note,
        )
        on(
            tune.source.change,
            lambda *values: self._form.choose_source(*values),
            [tune.budget, tune.minutes, *self._tuned(case)],
            [tune.estimate, *tune.lora_lines],
            tune.note,
            is_quiet=True,
        )

    def _wire_limits(self, case: Any) -> None:
        tune = self._tune
        on = partial(self._wiring.on, note=tune.note, is_quiet=True)
        limits = [tune.budget, tune.minutes, *self._tuned(case)]
        on(
            tune.preset.input,
            lambda *values: self._form.choose_preset(*values),
            [tune.preset, *limits],
            [tune.budget, tune.estimate],
        )
        on(
            tune.budget.change,
            lambda *values: self._form.choose_budget(*values),
            limits,
            [tune.preset, tune.estimate],
        )
        on(tune.minutes.change, lambda *values: self._form.choose_minutes(*values), limits, [tune.estimate])

    def _wire_looks(self, case: Any) -> None:
        tune, results = self._tune, self._results
        looked = [tune.running, tune.pause, tune.resume, tune.stop, tune.chosen, tune.digest]
        looked += [results.result, *results.keepers, results.prove, results.open_report, self._comparison.place]
        looked += [tune.estimate, *tune.lora_lines]
        seen = [tune.chosen, tune.digest, tune.budget, tune.minutes, tune.lora_key, *self._tuned(case)]
        on = partial(self._wiring.on, inputs=seen, outputs=looked, note=tune.note, is_quiet=True)
        on(tune.look.click, lambda *values: self._desk.look(*values), is_asked_for=False)
        on(tune.pause.click, lambda *values: self._desk.order("pause", *values))
        on(tune.resume.click, lambda *values: self._desk.order("resume", *values))
        on(tune.stop.click, lambda *values: self._desk.order("stop", *values))
        on(results.prove.click, lambda *values: self._desk.order("prove", *values), note=results.note)
        on(tune.take_answer.click, lambda *values: self._desk.answer(*values), inputs=[tune.answer, *seen])

    def _wire_results(self, applier: Applier) -> None:
        chosen, results, on = self._tune.chosen, self._results, self._wiring.on
        on(
            results.write.click,
            lambda *values: self._desk.write_winner(applier, *values),
            [chosen, *applier.components],
            applier.components,
            results.bar.note,
        )
        named = [chosen, results.name]
        on(results.recipe.click, lambda *values: self._desk.save_recipe(*values), named, [], results.note)
        on(results.style.click, lambda *values: self._desk.save_style(*values), named, [], results.note)
        on(results.open_report.click, lambda *values: self._desk.open_report(*values), [chosen], [results.report],
           results.note)  # fmt: skip

    def _tuned(self, case: Any) -> list[Any]:
        """What says which settings are tuned: the picture, the choice, and fields of txt2img where they were found."""
        return [case, self._tune.source, *self._services.fields.glanced.values()]
