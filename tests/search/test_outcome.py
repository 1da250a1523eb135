"""How a study's end is told."""

from dataclasses import replace

import pytest

from counterprompt.ports import GenerationRequest
from counterprompt.search.candidate import Candidate
from counterprompt.search.objective import ComponentDeltas
from counterprompt.search.outcome import NOT_VERIFIED, Outcome, history_of, reason_for, settings_of
from counterprompt.search.trials import SearchTrial
from counterprompt.search.verification import SeedPair, Verdict

NOTHING = ComponentDeltas(0, 0, 0, 0, 0)
PROVEN = replace(NOT_VERIFIED, pairs=(SeedPair(1, NOTHING, "a.png", "b.png"),), gain=0.5, ci95=(0.2, 0.8))


@pytest.fixture
def finished_outcome(baseline: GenerationRequest) -> Outcome:
    """A study's end with nothing in it but the user's own settings."""
    own = settings_of(Candidate(), baseline)
    return Outcome(Verdict.GAIN, "", own, own, own, PROVEN, 40, (), (), "fake", "fake")


@pytest.mark.parametrize(
    ("verdict", "held_out", "is_proven", "expected"),
    [
        (Verdict.GAIN, PROVEN, True, "better by 0.50 baseline spreads"),
        (Verdict.NO_GAIN, NOT_VERIFIED, False, "No candidate"),
        (Verdict.NO_GAIN, PROVEN, False, "no finalist"),
        (Verdict.NO_GAIN, replace(PROVEN, broken_guards=("clipped",)), True, "breaks clipped"),
        (Verdict.NO_GAIN, replace(PROVEN, ci95=(-0.1, 0.8)), True, "-0.10 to 0.80"),
    ],
)
def test_every_end_has_its_sentence(verdict: Verdict, held_out, is_proven: bool, expected: str):
    """The reason names what decided."""
    assert expected in reason_for(verdict, held_out, is_proven)


def test_settings_are_what_the_fields_take(baseline: GenerationRequest):
    """Settings hold the rendered prompts and every LoRA with its weight."""
    settings = settings_of(Candidate(False, (), (("style", 0.7),), 8.0), baseline)

    assert ("a red house <lora:style:0.7>", "", 8.0, (("style", 0.7),)) == (
        settings.prompt,
        settings.negative_prompt,
        settings.cfg_scale,
        settings.loras,
    )


def test_history_tells_what_a_trial_is_worth(baseline: GenerationRequest):
    """A line holds the trial's seeds and what is believed of it; the user's own text counts as a layer."""
    (summary,) = history_of([SearchTrial(3, Candidate(), {}, (1, 2), (NOTHING, NOTHING), 20)], [0.4], baseline)

    assert (0.4, 2, ("own",), 20) == (summary.believed, summary.seeds, summary.layers, summary.pictures)


def test_what_stays_whatever_the_prompt_is_named(finished_outcome: Outcome):
    """A defect that is as likely with the challenger as without is called untreatable, one that is cured is not."""
    held_out = replace(PROVEN, artifacts=(("vignette", 0.9, 0.88), ("blurry", 0.9, 0.1)))
    outcome = replace(finished_outcome, held_out=held_out)

    assert ["vignette"] == [defect.name for defect in outcome.untreatable] == outcome.to_json()["untreatable"]
