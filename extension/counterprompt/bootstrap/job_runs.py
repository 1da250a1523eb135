"""Runs the study of one job of a job file, with everything it needs from outside."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.bootstrap import crews, generators, pictures, stories, studies
from counterprompt.bootstrap.job_choices import choice_of, choices_of
from counterprompt.bootstrap.prompt_pictures import draw_prompt
from counterprompt.bootstrap.scorer_extras import ScorerExtras
from counterprompt.errors import MissingModelError
from counterprompt.ports import GenerationRequest
from counterprompt.search.folder import PLAN_FILE, load_plan
from counterprompt.search.job_board import study_of_job
from counterprompt.workflow.tuning import plan_tuning, resume, tune

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

    from counterprompt.jobs.job import Job, JobGenerator
    from counterprompt.ports import ImageGenerator, ProgressListener
    from counterprompt.report.content import ReportContent
    from counterprompt.search.plan import StudyPlan
    from counterprompt.settings import Settings
    from counterprompt.workflow.job_run import Tell
    from counterprompt.workflow.story import PictureStory
    from counterprompt.workflow.tuning import StudyAdapters

_USUAL_SIZE = (512, 512)
_USUAL_CFG = 7.0


@dataclass(frozen=True)
class JobCrew:
    """The workers that draw for many jobs."""

    storage: str
    """URL of the database between them."""
    jobs: str
    """What the job file is called there."""


class JobRunner:
    """Runs jobs, one by one or from several threads; a generator stays loaded while the next job uses it too.

    Args:
        settings: the machine's.
        progress_of: gives who hears of the job of a name.
        tell: hears sentences.
        auth: "USER:PASSWORD" of WebUIs.
        crew: who draws; None: this process. With workers every generator stays loaded, for it is asked for little.
    """

    def __init__(
        self,
        settings: Settings,
        progress_of: Callable[[str], ProgressListener],
        tell: Tell,
        auth: str | None = None,
        crew: JobCrew | None = None,
    ) -> None:
        self._settings = settings
        self._progress_of = progress_of
        self._tell = tell
        self._auth = auth
        self._crew = crew
        self._loaded: dict[JobGenerator, ImageGenerator] = {}
        self._loading = threading.Lock()

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
        if (folder / PLAN_FILE).exists():
            with self._loading:
                plan, adapters = load_plan(folder), self._adapters_again(job, folder)
            with self._shared(adapters, choice, plan, job, folder) as shared:
                return resume(folder, shared)
        with self._loading:  # a model is loaded, tested and asked by one thread at a time
            image, story, plan, adapters = self._prepared(job, folder)
        with self._shared(adapters, choice, plan, job, folder) as shared:
            return tune(image, story, plan, shared, folder)

    def _shared(
        self, adapters: StudyAdapters, choice: generators.GeneratorChoice, plan: StudyPlan, job: Job, folder: Path
    ) -> AbstractContextManager[StudyAdapters]:
        if self._crew is None:
            return nullcontext(adapters)
        name = study_of_job(self._crew.jobs, job.name)
        return crews.shared_study(adapters, choice, plan, folder, self._crew.storage, name)

    def _adapters_again(self, job: Job, folder: Path) -> StudyAdapters:
        drawer = self._generator(job.generator)
        return studies.load_adapters_again(
            folder, choice_of(job.generator), drawer, self._settings, self._progress_of(job.name)
        )

    def _prepared(self, job: Job, folder: Path) -> tuple[Image, PictureStory, StudyPlan, StudyAdapters]:
        choice = choice_of(job.generator)
        drawer = self._generator(job.generator)
        scorer = Path(job.scorer) if job.scorer else self._settings.scorer_folder
        picture = Path(job.picture) if job.picture else self._draw(job, choice, drawer, folder)
        image = pictures.open_picture(picture)
        progress = self._progress_of(job.name)
        tagger = Path(job.tagger) if job.tagger else None
        extras = ScorerExtras.of(
            job.preference,
            job.tag_artifacts,
            tagger or self._settings.tagger_folder,
            job.auditor,
            job.look_again or job.anti_prompt,
        )
        adapters = studies.load_adapters(choice, drawer, self._settings, progress, lambda: image, scorer, extras)
        story = stories.tell_story(picture, self._settings, tagger, generator=drawer)
        for remark in (*adapters.remarks, *story.remarks):
            self._tell(remark)
        notes = studies.study_notes(choice, drawer, self._settings, scorer, extras)
        plan = plan_tuning(story, generators.fit_choices(choices_of(job), choice), notes)
        return image, story, plan, adapters

    def _generator(self, wanted: JobGenerator) -> ImageGenerator:
        if wanted not in self._loaded:
            if self._crew is None:
                self._loaded.clear()  # the old one's memory is needed for the new one
            self._loaded[wanted] = generators.load_generator(choice_of(wanted), self._login(wanted))
        return self._loaded[wanted]

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
