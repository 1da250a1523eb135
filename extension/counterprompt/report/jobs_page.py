"""The summary of many jobs as one page, with what to use of each and the way to its report."""

from __future__ import annotations

import json
from functools import partial
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from counterprompt.report.charts import draw_intervals
from counterprompt.report.chips import shown_text
from counterprompt.report.content import Control
from counterprompt.report.files import PAGE_FILE
from counterprompt.report.jobs_content import JobRow, JobState, jobs_answer
from counterprompt.report.page import wrap_page
from counterprompt.report.pictures import picture_tag
from counterprompt.report.story import median_pair
from counterprompt.whole_files import naming_the_remedy, replace_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SUMMARY_PAGE = "summary.html"
SUMMARY_FILE = "summary.json"

_MOST_IN_CHART = 30
_BADGES = {JobState.GAIN: "badge", JobState.FAILED: "badge bad"}
_WORDS = {
    JobState.GAIN: "Gain proven",
    JobState.NO_GAIN: "No gain",
    JobState.FAILED: "Failed",
    JobState.STOPPED: "Stopped",
    JobState.WAITING: "Waiting",
}


def write_summary(rows: Sequence[JobRow], title: str, folder: Path) -> Path:
    """Write the page and its JSON into *folder*, where each job has a folder of its name; return the page's path.

    Raises:
        InvalidInputError: the folder cannot be written.
    """
    page = folder / SUMMARY_PAGE
    with naming_the_remedy(f"The folder {folder}", "name another as output"):
        answer = json.dumps(jobs_answer(rows, str(page)), ensure_ascii=False, indent=1)
        replace_text(folder / SUMMARY_FILE, answer, errors="replace")
        replace_text(page, render_summary(rows, title, folder), errors="replace")
    return page


def render_summary(rows: Sequence[JobRow], title: str, folder: Path) -> str:
    """Render the summary of *rows* as a whole HTML document; pictures are read from the folders below *folder*."""
    body = (
        f'<div class="hero single"><div><h1>{escape(headline(rows))}</h1>'
        f'<p class="lead">{escape(_lead(rows))}</p></div></div>'
        f'<div class="tiles num">{_tiles(rows)}</div>{_failures(rows)}{_chart(rows)}'
        f"<section><h2>Job by job</h2>{''.join(_card(row, folder) for row in rows)}</section>"
    )
    return wrap_page(title, body, head=title, foot=f"Studies: {folder}")


def headline(rows: Sequence[JobRow]) -> str:
    """Say in one short sentence how it went."""
    counts = {state: sum(row.state is state for row in rows) for state in JobState}
    done = counts[JobState.GAIN] + counts[JobState.NO_GAIN]
    if done < len(rows):
        return f"{done} of {len(rows)} jobs are done."
    return f"{counts[JobState.GAIN]} of {len(rows)} jobs found something better."


def _lead(rows: Sequence[JobRow]) -> str:
    failed = sum(row.state is JobState.FAILED for row in rows)
    if failed:
        return f"{failed} could not be done; run the same command again to try those, the others are kept."
    if any(row.state in (JobState.STOPPED, JobState.WAITING) for row in rows):
        return "The others have not been run yet; the same command goes on from here."
    return "A gain is only called one where it held on seeds that the search had never seen."


def _tiles(rows: Sequence[JobRow]) -> str:
    pictures = sum(row.content.pictures for row in rows if row.content)
    states = (JobState.GAIN, JobState.NO_GAIN, JobState.FAILED)
    tiles = [(str(sum(row.state is state for row in rows)), _WORDS[state].lower()) for state in states]
    tiles.append((str(pictures), "pictures generated in all"))
    return "".join(f'<div class="tile"><b>{value}</b><span>{label}</span></div>' for value, label in tiles)


def _failures(rows: Sequence[JobRow]) -> str:
    failed = [row for row in rows if row.state is JobState.FAILED]
    if not failed:
        return ""
    items = "".join(f"<dt>{shown_text(row.name)}</dt><dd>{shown_text(row.sentence)}</dd>" for row in failed)
    return f"<section><h2>What could not be done</h2><dl>{items}</dl></section>"


def _chart(rows: Sequence[JobRow]) -> str:
    measured = [
        Control(row.name[:22], "", row.content.held_out.gain, row.content.held_out.ci95)
        for row in rows
        if row.content is not None and row.content.held_out.seeds
    ]
    if len(measured) < 2:
        return ""
    measured.sort(key=lambda row: -row.gain)
    return (
        '<section><h2>How much better</h2><p class="note">Each job\'s best candidate against its own settings on fresh '
        "seeds, in standard deviations of its own pictures, with the 95 % interval. Left of the dashed line: worse.</p>"
        f'<div class="card" style="margin-top:18px">{draw_intervals(measured[:_MOST_IN_CHART])}</div></section>'
    )


def _card(row: JobRow, folder: Path) -> str:
    kind = _BADGES.get(row.state, "badge none")
    head = f'<div class="jobhead"><h3>{shown_text(row.name)}</h3><span class="{kind}">{_WORDS[row.state]}</span></div>'
    said = f'<p class="note">{shown_text(row.sentence)}</p>' if row.sentence else ""
    if row.content is None:
        return f'<article class="card job">{head}{said}</article>'
    show = partial(picture_tag, folder / row.name)
    link = f'<a href="{quote(row.name)}/{PAGE_FILE}">The whole report</a>'
    body = f"{_pair(row, show)}<div>{said}{_use(row)}{link}</div>"
    return f'<article class="card job">{head}<div class="jobbody">{body}</div></article>'


def _pair(row: JobRow, show: Callable[[str, str], str]) -> str:
    pair = median_pair(row.content.pairs) if row.content else None
    if pair is None:
        return ""
    sides = (
        show(pair.baseline, "Your settings"),
        show(pair.winner, "Winner" if row.state is JobState.GAIN else "Best candidate"),
    )
    return f'<figure class="pair"><div>{"".join(sides)}</div><figcaption>seed {pair.seed}</figcaption></figure>'


def _use(row: JobRow) -> str:
    if row.content is None or row.state is not JobState.GAIN:
        return ""
    winner, key = row.content.winner, f"use-{quote(row.name)}"
    loras = "".join(f", LoRA {shown_text(name)} {weight:g}" for name, weight in winner.loras)
    return (
        '<div class="field"><div><span class="label">Negative prompt</span>'
        f'<button type="button" data-copy="{key}">Copy</button></div><pre id="{key}">'
        f'{shown_text(winner.negative_prompt)}</pre></div><p class="others">CFG scale {winner.cfg_scale:g}{loras}</p>'
    )
