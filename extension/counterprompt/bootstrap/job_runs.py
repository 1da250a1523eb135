"""Runs the study of one job of a job file, with everything it needs from outside."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.bootstrap import generators, pictures, stories, studies, webuis
from counterprompt.bootstrap.prompt_pictures import draw_prompt
from counterprompt.errors import MissingModelError
from counterprompt.ports import GenerationRequest
from counterprompt.report.files import DROPPED_FILE
from counterprompt.search.folder import PLAN_FILE, load_plan
from counterprompt.search.objective import ScoreWeights
from counterprompt.workflow.baseline import TuneChoices
from counterprompt.workflow.tuning import plan_tuning, resume, tune

if TYPE_CHECKING:
    from counterprompt.jobs.job import Job, JobGenerator
    from counterprompt.ports import ImageGenerator, ProgressListener
    from counterprompt.report.content import ReportContent
    from counterprompt.settings import Settings
    from counterprompt.workflow.job_run import Tell

_USUAL_SIZE = (512, 512)
_USUAL_CFG = 7.0


class JobRunner:
    """Runs jobs one by one; a generator stays loaded while the next job uses it too."""

    def __init__(self, settings: Settings, progress: ProgressListener, tell: Tell, auth: str | None = None) -> None:
        self._settings = settings
        self._progress = progress
        self._tell = tell
        self._auth = auth
        self._loaded: tuple[JobGenerator, ImageGenerator] | None = None

    def run(self, job: Job, folder: Path) -> ReportContent:
        """Run the study of *job* in *folder*, or go on with the one that is there.

        Raises:
            InvalidInputError: the picture or a value is no good.
            MissingModelError: a model or the environment variable with a login is not there.
            GeneratorError: the generator failed.
            ScorerError: the scorer failed its self-test.
            StoppedError: the user stopped it.
        """
        choice = choice_of(job.generator)
        drawer = self._generator(job.generator)
        scorer = Path(job.scorer) if job.scorer else self._settings.scorer_folder
        if (folder / PLAN_FILE).exists():
            noted = dict(load_plan(folder).notes).get("scorer_folder")
            return resume(
                folder,
                studies.load_adapters(
                    choice,
                    drawer,
                    replace(self._settings, scorer_folder=None),
                    self._progress,
                    lambda: pictures.open_picture(folder / DROPPED_FILE),
                    Path(noted) if noted else None,
                ),
            )
        picture = Path(job.picture) if job.picture else self._draw(job, choice, drawer, folder)
        image = pictures.open_picture(picture)
        adapters = studies.load_adapters(choice, drawer, self._settings, self._progress, lambda: image, scorer)
        tagger = Path(job.tagger) if job.tagger else None
        story = stories.tell_story(picture, self._settings, tagger, generator=drawer)
        for remark in (*adapters.remarks, *story.remarks):
            self._tell(remark)
        model = generators.model_name(choice, drawer)
        notes = {**choice.notes(), "scorer_folder": str(scorer.absolute()) if scorer else "", "model": model}
        plan = plan_tuning(story, generators.fit_choices(choices_of(job), choice), notes)
        return tune(image, story, plan, adapters, folder)

    def _generator(self, wanted: JobGenerator) -> ImageGenerator:
        if self._loaded is None or self._loaded[0] != wanted:
            self._loaded = None  # the old one's memory is needed for the new one
            self._loaded = (wanted, generators.load_generator(choice_of(wanted), self._login(wanted)))
        return self._loaded[1]

    def _login(self, generator: JobGenerator) -> str | None:
        if not generator.auth_variable:
            return self._auth
        login = os.environ.get(generator.auth_variable)
        if not login:
            raise MissingModelError(
                f"The environment variable {generator.auth_variable} is not set; set it to USER:PASSWORD of the WebUI."
            )
        return login

    def _draw(self, job: Job, choice: generators.GeneratorChoice, drawer: ImageGenerator, folder: Path) -> Path:
        fitted = generators.fit_choices(choices_of(job), choice)
        width, height = fitted.size or _USUAL_SIZE
        request = GenerationRequest(
            job.prompt,
            job.negative_prompt,
            job.seed,
            steps=fitted.steps or GenerationRequest.steps,
            sampler_name=job.sampler or GenerationRequest.sampler_name,
            cfg_scale=_USUAL_CFG if job.cfg_scale is None else job.cfg_scale,
            width=width,
            height=height,
        )
        return draw_prompt(request, drawer, generators.model_name(choice, drawer), folder)


def choice_of(generator: JobGenerator) -> generators.GeneratorChoice:
    """Return *generator* as the rest of the program knows it; several addresses are joined by blanks."""
    return generators.GeneratorChoice(
        generator.kind,
        webuis.joined_urls(generator.urls),
        generator.checkpoint,
        generator.lora_folder,
    )


def choices_of(job: Job) -> TuneChoices:
    """Return what *job* says of its study."""
    return TuneChoices(
        budget=job.budget,
        search_seeds=job.search_seeds,
        held_out=job.held_out,
        steps=job.steps,
        sampler_name=job.sampler,
        size=job.size,
        search_seed=job.search_seed,
        controls=job.controls,
        cfg_range=job.cfg_range,
        lora_range=job.lora_range,
        lora_ranges=job.lora_ranges,
        score_weights=ScoreWeights(**dict(job.weights)) if job.weights else None,
    )
