"""What our script costs a host at its start; `python -m benchmarks.startup` shows the milliseconds."""

from __future__ import annotations

from benchmarks.startup import start_costs

MOST_MODULES = 20
"""Modules of ours: a millisecond or two each, so that 50 ms hold."""


def test_a_start_loads_little() -> None:
    """A host that loads the script and, where gradio is, builds the tab gets no framework by it, and a small script."""
    script, *page = start_costs()

    assert [[]] * (1 + len(page)) == [cost.heavy for cost in (script, *page)]
    assert 0 < script.modules <= MOST_MODULES
    assert 0 < script.milliseconds
