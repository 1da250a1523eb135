"""How many seeds a gain needs."""

from __future__ import annotations

import pytest

from counterprompt.search.power import telling_seeds


@pytest.mark.parametrize(
    ("gain", "ci95", "seeds", "expected"),
    [
        (0.5, (0.0, 1.0), 16, 30),
        (0.5, (0.4, 0.6), 16, 8),
        (0.05, (-0.45, 0.55), 16, None),
        (0.0, (-0.1, 0.1), 16, None),
        (-0.2, (-0.3, -0.1), 16, None),
    ],
)
def test_telling_seeds(gain: float, ci95: tuple[float, float], seeds: int, expected: int | None):
    """A gain just not proven needs nearly twice the seeds; none and tiny ones are not worth it."""
    assert expected == telling_seeds(gain, ci95, seeds)
