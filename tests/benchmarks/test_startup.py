"""What our script costs a host at its start; `python -m benchmarks.startup` shows the milliseconds."""

from __future__ import annotations

from benchmarks.startup import script_cost

MOST_MODULES = 20
"""Modules of ours: a millisecond or two each, so that 50 ms hold."""


def test_loading_our_script_loads_little() -> None:
    """A host that loads the script gets no framework with it, and few modules of ours."""
    cost = script_cost()

    assert [] == cost.heavy
    assert 0 < cost.modules <= MOST_MODULES
    assert 0 < cost.milliseconds
