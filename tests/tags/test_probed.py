"""Probe readings, found by the words of a prompt."""

import pytest

from counterprompt.tags.probed import ProbedTerm, ProbeVerdicts

PROBES = (ProbedTerm("bad hands", 0.9), ProbedTerm("noisy", 0.1), ProbedTerm("watermark", 0.55))


@pytest.mark.parametrize(
    ("text", "chance"),
    [
        ("bad hands", 0.9),
        ("Malformed_Hands", 0.9),
        ("too many fingers", 0.9),
        ("film grain", 0.0),
        ("watermark", None),
        ("logo", None),
        ("wlop", None),
        ("", None),
    ],
)
def test_verdicts(text: str, chance: float | None) -> None:
    """Sure probes answer for their term, its synonyms and kinds; unsure and unknown ones are silent."""
    assert chance == ProbeVerdicts(PROBES).judge(text, is_negated=True)


def test_unasked_sightings() -> None:
    """What is seen and was not judged by is given, the surest first."""
    verdicts = ProbeVerdicts((*PROBES, ProbedTerm("text", 0.95)))
    verdicts.judge("malformed hands", is_negated=True)

    assert [("text", 0.95)] == list(verdicts.unasked())


def test_the_surer_of_two_readings_counts() -> None:
    """Two probes of one term do not contradict each other."""
    verdicts = ProbeVerdicts([ProbedTerm("noisy", 0.45), ProbedTerm("noisy", 0.8)])

    assert 0.8 == verdicts.judge("noisy", is_negated=True)
