"""How far guards may move."""

import math

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.search.guard_limits import GUARDS, SIGNAL_SLACKS, GuardLimits


def test_the_rule_gives_what_the_user_leaves_open():
    """Without a limit the table's slack counts, or half a spread where that is more; the user's counts as it is."""
    limits = GuardLimits(saturation=0.01, fidelity=2.0)

    assert (SIGNAL_SLACKS["noise"], 0.2) == (limits.signal_slack("noise", 0.0), limits.signal_slack("noise", 0.4))
    assert (0.01, 2.0, 1.0) == (
        limits.signal_slack("saturation", 0.4),
        limits.lost_fidelity,
        GuardLimits().lost_fidelity,
    )
    assert {"saturation": 0.01, "fidelity": 2.0} == limits.own


@pytest.mark.parametrize("limit", [0.0, -1.0, math.nan, math.inf])
def test_a_limit_is_above_zero(limit: float):
    """A guard that may not move at all would break by chance."""
    with pytest.raises(InvalidInputError, match="the guard noise"):
        GuardLimits(noise=limit)


def test_every_guard_has_a_limit():
    """Each guard is a field."""
    assert set(GUARDS) == GuardLimits.__dataclass_fields__.keys()
