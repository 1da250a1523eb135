"""What a job file says, as the rest of the program knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterprompt.bootstrap import webuis
from counterprompt.bootstrap.generators import GeneratorChoice
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.workflow.baseline import TuneChoices

if TYPE_CHECKING:
    from counterprompt.jobs.job import Job, JobGenerator


def choice_of(generator: JobGenerator) -> GeneratorChoice:
    """Return *generator* as the rest of the program knows it; several addresses are joined by blanks."""
    return GeneratorChoice(
        generator.kind,
        webuis.joined_urls(generator.urls),
        generator.checkpoint,
        generator.lora_folder,
    )


def choices_of(job: Job) -> TuneChoices:
    """Return what *job* says of its study."""
    return TuneChoices(
        budget=job.budget,
        minutes=job.minutes,
        stops_early=job.stop_early,
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
        guard_limits=GuardLimits(**dict(job.guards)) if job.guards else None,
        looks_again=job.look_again,
        tries_schedules=job.schedules,
        has_anti_prompt=job.anti_prompt,
    )
