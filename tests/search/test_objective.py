"""Scores against the baseline on the same seed."""

from dataclasses import replace

import pytest

from counterprompt.ports import Scores
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.objective import Objective, ScoreSpread, mean_deltas, spread_of
from counterprompt.search.score_weights import ScoreWeights

OWN = Scores(5.0, 0.30, {"blurry": 0.5, "noisy": 0.3}, {"clipped": 0.01, "saturation": 0.4, "sharpness": 0.1})


def _with(**changes: object) -> Scores:
    return Scores(**{**OWN.__dict__, **changes})


def test_the_baseline_is_worth_nothing(objective: Objective):
    """Compared with itself the baseline has zero in every component."""
    delta = objective.delta(OWN, OWN)

    assert (0.0, 0.0, 0.0, 0.0, 0.0) == (delta.aesthetic, delta.artifacts, delta.fidelity, delta.signals, delta.total)


@pytest.mark.parametrize(
    ("changes", "component", "expected"),
    [
        ({"aesthetic": 5.5}, "aesthetic", 1.0),
        ({"artifacts": {"blurry": 0.3, "noisy": 0.3}}, "artifacts", 1.0),
        ({"fidelity": 0.90}, "fidelity", 0.0),
        ({"fidelity": 0.297}, "fidelity", 0.0),
        ({"fidelity": 0.28}, "fidelity", -1.5),
        ({"signals": {"clipped": 0.02, "saturation": 0.45}}, "signals", 0.0),
        ({"signals": {"clipped": 0.07, "saturation": 0.4}}, "signals", -2.0),
        ({"signals": {"clipped": 0.0, "sharpness": 0.9}}, "signals", 0.0),
    ],
)
def test_each_component_has_its_own_unit(objective: Objective, changes: dict, component: str, expected: float):
    """Rewards are in baseline spreads; fidelity and signals only ever cost, and only beyond their slack."""
    assert pytest.approx(expected) == getattr(objective.delta(_with(**changes), OWN), component)


def test_the_users_weights_join_the_components():
    """The total is the weighted sum, and a weight of zero leaves a component out."""
    objective = Objective(ScoreSpread(0.5, 0.1, 0.01), ScoreWeights(aesthetic=2.0, artifacts=0.0))

    assert 2.0 == objective.delta(_with(aesthetic=5.5, artifacts={"blurry": 0.0, "noisy": 0.0}), OWN).total


def test_preference_counts_in_its_own_spread():
    """What a preference model says is a component of its own; where it was not asked it is worth nothing."""
    baseline = [_with(preference=20.0), _with(preference=22.0)]
    spread = spread_of(baseline)
    objective = Objective(spread, ScoreWeights(preference=0.5))

    delta = objective.delta(_with(preference=20.0 + 2 * 2**0.5), baseline[0])

    assert pytest.approx((2**0.5, 2.0, 1.0)) == (spread.preference, delta.preference, delta.total)
    assert 2.0 == pytest.approx(mean_deltas([delta, delta]).preference)
    assert (1.0, 0.0) == (spread_of([OWN, OWN]).preference, objective.delta(_with(preference=9.0), OWN).preference)


def test_spread_has_a_floor():
    """A baseline that never varies does not make every difference infinite."""
    spread = spread_of([OWN, OWN, OWN])

    assert (0.02, 0.01, 0.002) == (spread.aesthetic, spread.artifacts, spread.fidelity)


def test_guards_are_judged_on_average(objective: Objective):
    """One bad picture in four breaks no guard; four of four break those that rise, and lost fidelity is named."""
    harsh = _with(signals={"clipped": 0.06, "saturation": 0.4}, fidelity=0.25)

    assert () == objective.broken_guards([harsh, OWN, OWN, OWN, OWN, OWN], [OWN] * 6)
    assert ("clipped", "fidelity") == objective.broken_guards([harsh] * 4, [OWN] * 4)


def test_a_guard_allows_what_the_baseline_itself_varies():
    """Where the baseline's own clipping varies much, the slack is wider than the table's."""
    spread = spread_of([_with(signals={"clipped": 0.0}), _with(signals={"clipped": 0.4})])

    assert pytest.approx(0.1414, abs=1e-3) == Objective(spread).signal_slack("clipped")
    assert 0.05 == Objective(spread, limits=GuardLimits(clipped=0.05)).signal_slack("clipped")


def test_the_users_own_limits_count(objective: Objective):
    """A wider limit lets a guard go that the rule would call broken, a narrower one breaks it."""
    harsh = [_with(signals={"clipped": 0.06, "saturation": 0.4}, fidelity=0.25)] * 4
    garish = [_with(signals={"clipped": 0.06, "saturation": 0.45}, fidelity=0.25)] * 4
    wide = replace(objective, limits=GuardLimits(clipped=0.2, fidelity=9.0))
    narrow = replace(objective, limits=GuardLimits(saturation=0.01))

    assert () == wide.broken_guards(harsh, [OWN] * 4)
    assert ("clipped", "saturation", "fidelity") == narrow.broken_guards(garish, [OWN] * 4)
    assert wide.delta(harsh[0], OWN).total > objective.delta(harsh[0], OWN).total


def test_means_are_taken_component_by_component(objective: Objective):
    """The mean of two differences is the mean of each component."""
    mean = mean_deltas([objective.delta(_with(aesthetic=5.5), OWN), objective.delta(OWN, OWN)])

    assert (0.5, 0.0) == (mean.aesthetic, mean.artifacts)


def test_colours_that_come_back_from_overexposure_break_no_guard(objective: Objective):
    """A washed out baseline clips; where clipping ends, saturation may rise. Where both rise, pictures are garish."""
    washed_out = _with(signals={"clipped": 0.50, "saturation": 0.1})
    healed = _with(signals={"clipped": 0.02, "saturation": 0.4})
    garish = _with(signals={"clipped": 0.55, "saturation": 0.8})

    assert () == objective.broken_guards([healed, healed], [washed_out, washed_out])
    assert 0.0 == objective.delta(healed, washed_out).signals
    assert "saturation" in objective.broken_guards([garish, garish], [washed_out, washed_out])
    assert objective.delta(garish, washed_out).signals < 0


def test_a_picture_whose_overexposure_ends_excuses_no_other(objective: Objective):
    """Saturation is judged seed by seed: a healed picture counts as risen by nothing, a vivid one by what it rises."""
    washed_out = _with(signals={"clipped": 0.50, "saturation": 0.1})
    healed = _with(signals={"clipped": 0.02, "saturation": 0.4})
    vivid, garish = (_with(signals={"clipped": 0.50, "saturation": each}) for each in (0.25, 0.5))

    assert () == objective.broken_guards([healed, vivid], [washed_out, washed_out])
    assert ("saturation",) == objective.broken_guards([vivid, vivid], [washed_out, washed_out])
    assert ("saturation",) == objective.broken_guards([healed, garish], [washed_out, washed_out])
