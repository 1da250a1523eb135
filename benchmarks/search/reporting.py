"""Writes the table of bars, a table of methods and a table of tasks as text, and the page."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from benchmarks.search.bars import Bars
from benchmarks.search.evidence import Evidence, tasks_in_order
from benchmarks.search.figures import bootstrap, mean_of_means
from benchmarks.search.opening import open_world
from benchmarks.search.work import Job, finished

if TYPE_CHECKING:
    from benchmarks.search.bar import Bar


def report(options: Namespace, jobs: Sequence[Job]) -> None:
    """Print everything known of *jobs*, drawing nothing, and write the page where one is wanted."""
    world = open_world(options.cache)
    runs, missing = finished(world.cache, jobs)
    evidence = Evidence(runs, options.budgets, world, options.truth_seeds)
    bars = Bars(evidence)
    counts = (
        f"{len(runs)} runs, {len(missing)} missing; {len(bars.points)} points measured on {options.truth_seeds} fresh "
        f"seeds each; {world.cache.count()} pictures drawn in all."
    )
    sections = [counts, "\n".join(bar_rows(bars.all())), "\n".join(method_rows(bars, evidence.budgets))]
    sections.append("\n".join(task_rows(bars, evidence)))
    sys.stdout.write("\n\n".join(sections) + "\n")
    if options.page is not None:
        from benchmarks.search.page import write_page

        write_page(options.page, bars, evidence, counts)


def bar_rows(bars: Sequence[Bar]) -> list[str]:
    """Return the lines of a Markdown table of *bars*."""
    rows = ["| bar | wanted | measured (95 %) | on | |", "|---|---|---|---|---|"]
    for bar in bars:
        state = "not measured" if bar.is_met is None else "met" if bar.is_met else f"missed by {bar.missed_by}"
        rows.append(f"| {bar.name} | {bar.wanted} | {bar.found} | {bar.count} | {state} |")
    return rows


def method_rows(bars: Bars, budgets: Sequence[int]) -> list[str]:
    """Return a Markdown table: share of the best known gain by method and pictures, with runs and worse winners."""
    rows = [
        "| method | " + " | ".join(f"at {budget}" for budget in budgets) + " | worse than baseline | defects left |",
        "|---|" + "---|" * (len(budgets) + 2),
    ]
    for method in bars.methods():
        cells = []
        for budget in budgets:
            groups = bars.shares(method, budget)
            if not groups:
                cells.append("–")
                continue
            low, high = bootstrap(groups, mean_of_means)
            count = sum(map(len, groups))
            cells.append(f"{mean_of_means(groups):.2f} ({low:.2f} to {high:.2f}), {count} runs")
        last = bars.of(method, max(budgets)) or bars.of(method)
        worse = sum(point.truth.gain.mean < 0 for point in last)
        defects = f"{fmean(point.truth.defect_rate for point in last):.0%}"
        before = f"{fmean(point.truth.baseline_defect_rate for point in last):.0%}"
        rows.append(f"| {method} | " + " | ".join(cells) + f" | {worse} of {len(last)} | {defects} of {before} |")
    return rows


def task_rows(bars: Bars, evidence: Evidence) -> list[str]:
    """Return a Markdown table: the mean true gain of each task and method at the largest budget they share."""
    methods = bars.methods()
    rows = [
        "| task | best known | from pictures | " + " | ".join(methods) + " |",
        "|---|" + "---|" * (len(methods) + 2),
    ]
    budget = 240 if 240 in evidence.budgets else max(evidence.budgets)
    for task in tasks_in_order(bars.best):
        cells = []
        for method in methods:
            gains = [point.truth.gain.mean for point in bars.of(method, budget) if point.run.task == task.name]
            cells.append(f"{fmean(gains):+.2f} ({len(gains)})" if gains else "–")
        best = f"{bars.best[task.name]:+.2f}"
        rows.append(f"| {task.name} | {best} | {evidence.known_pictures(task.name)} | " + " | ".join(cells) + " |")
    return rows
