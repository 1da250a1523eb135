"""What a job says, as studies know it."""

from dataclasses import fields

from counterprompt.bootstrap.job_choices import choice_of, choices_of
from counterprompt.jobs.job import Job, JobGenerator
from counterprompt.workflow.baseline import TuneChoices


def test_several_addresses_are_one_choice():
    """Every WebUI of a job's generator is asked, whatever kind of generator the others are."""
    choice = choice_of(JobGenerator("webui", ("http://one:7860", "http://two:7860")))

    assert ("webui", "http://one:7860 http://two:7860") == (choice.kind, choice.url)


WISHES = Job(
    "one",
    JobGenerator("fake"),
    budget=99,
    minutes=5.0,
    search_seeds=3,
    held_out=5,
    steps=7,
    sampler="DDIM",
    size=(64, 32),
    search_seed=2,
    stop_early=False,
    controls=False,
    cfg_range=(4.0, 8.0),
    lora_range=(0.2, 0.4),
    lora_ranges=(("style", (0.1, 0.9)),),
    weights=(("artifacts", 1.0),),
    guards=(("noise", 0.2),),
    look_again=True,
    schedules=True,
    anti_prompt=True,
)
"""A job that says all that it can say of its study."""


def test_nothing_that_a_job_says_is_forgotten():
    """Whatever a study can be told a job can tell it, but the layers and the run of seeds, which are the host's."""
    choices, usual = choices_of(WISHES), TuneChoices()

    untold = {each.name for each in fields(TuneChoices) if getattr(choices, each.name) == getattr(usual, each.name)}

    assert {"layers", "seed_run"} == untold
    assert {"noise": 0.2} == choices.guard_limits.own


def test_what_a_job_leaves_open_stays_open():
    """Weights that are not named are the usual ones; without any nothing is said of them."""
    bare = choices_of(Job("two", JobGenerator()))

    assert (1.0, 0.4) == (choices_of(WISHES).score_weights.artifacts, choices_of(WISHES).score_weights.aesthetic)
    assert (None, None) == (bare.score_weights, bare.guard_limits)
