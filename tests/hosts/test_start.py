"""What our part costs where a host starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.startup import PAGE

if TYPE_CHECKING:
    from tests.hosts.conftest import Observe

MOST = 150.0
"""Milliseconds that our part of the page may take."""


def test_our_part_of_the_page_is_built_in_time(observe: Observe) -> None:
    """What runs of ours while the host builds its page takes 150 ms of processor time at most."""
    costs = observe("start_cost")

    assert costs["before_ui"]["calls"] == 1
    assert costs["ui"]["calls"] >= 2
    assert 0 < sum(costs[kind]["milliseconds"] for kind in PAGE) <= MOST
