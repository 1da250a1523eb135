"""A study that runs, waits or has ended, as HTML."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from counterprompt.report.charts import draw_history
from counterprompt.report.chips import shown_text
from counterprompt.webui.tab.budget_page import told_time
from counterprompt.webui.tab.empty_page import no_study
from counterprompt.webui.tab.pieces import cut, render_note, say, verbatim
from counterprompt.webui.tab.shown_pictures import shown_picture

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counterprompt.webui.study_values import StudyStatus
    from counterprompt.webui.tab.words import Words

BUSY: Final = frozenset({"waiting", "running"})
"""States in which something still moves."""
_LAST_STEPS: Final = {"finished": "writing the report"}
"""Stages whose name would be read as the whole study's end, and what is done in them."""
_AT_ONCE: Final = 12
"""Studies that are not folded away."""
_MOST_STUDIES: Final = 100
_KINDS: Final = {"failed": " cp-fault", "paused": " cp-none", "stopped": " cp-none", "waiting": " cp-soft"}
"""Class of a state's badge, beside the usual one."""
_BEGUN: Final = re.compile(r"-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)\d\d-")
"""Where a study's id says when it was begun."""


def render_studies(
    studies: Sequence[StudyStatus], chosen: str, words: Words, asking: frozenset[str] = frozenset()
) -> str:
    """Render the studies as buttons; our script tells the server which was clicked. Those in *asking* wait.

    All but the latest are folded away, unless one of them is chosen; beyond a hundred they are left out.
    """
    if not studies:
        return ""
    rows = [_study(study, study.id == chosen, study.id in asking, words) for study in studies[:_MOST_STUDIES]]
    latest, earlier = rows[:_AT_ONCE], rows[_AT_ONCE:]
    shown = f'<h4>{say(words, "Studies")}</h4><ul class="cp-studies">{"".join(latest)}</ul>'
    if not earlier:
        return shown
    is_open = any(study.id == chosen for study in studies[_AT_ONCE:_MOST_STUDIES])
    label = shown_text(words("{count} earlier ones", count=len(earlier)))
    return (
        f'{shown}<details class="cp-earlier"{" open" if is_open else ""}><summary>{label}</summary>'
        f'<ul class="cp-studies">{"".join(earlier)}</ul></details>'
    )


def _study(study: StudyStatus, is_chosen: bool, is_asking: bool, words: Words) -> str:
    state, kind = ("asks you", " cp-none") if is_asking else (study.state, _KINDS.get(study.state, ""))
    return (
        f'<li><button type="button" class="cp-study{" cp-chosen" if is_chosen else ""}" '
        f'data-cp-study="{shown_text(study.id)}" aria-pressed="{"true" if is_chosen else "false"}">'
        f'<b>{verbatim(cut(study.name or study.id, 60))}</b> <span class="cp-badge{kind}">{say(words, state)}</span>'
        f"<small>{begun_at(study.id)}{study.pictures}/{study.budget}</small></button></li>"
    )


def begun_at(study_id: str) -> str:
    """Say when a study was begun, as far as its id tells: "11-27 16:40 · "."""
    found = _BEGUN.search(study_id)
    return f"{found[2]}-{found[3]} {found[4]}:{found[5]} · " if found else ""


def render_study(study: StudyStatus | None, words: Words, *, is_asking: bool = False) -> str:
    """Render where *study* stands: progress, both pictures side by side, history and the leading candidates.

    While somebody is asked, nothing is shown that would tell which picture is which.
    """
    if study is None:
        return no_study(words)
    is_busy = study.state in BUSY
    kind = "error" if study.state == "failed" else "info"
    news = render_note(" ".join(map(words, study.message.splitlines())), kind) if study.message else ""
    head = f'<div class="cp-run" data-cp-busy="{int(is_busy)}">{_progress(study, words)}{news}'
    if is_asking:
        return f"{head}</div>"
    return (
        f'{head}<div class="cp-run-parts"><div>{_duel(study, words)}</div><div>{_plot(study, words)}</div></div>'
        f"{_leaders(study, words)}</div>"
    )


def digest_of(page: str) -> str:
    """Return what tells one page from another."""
    return hashlib.sha256(page.encode(errors="replace")).hexdigest()[:16]


def _progress(study: StudyStatus, words: Words) -> str:
    share = min(1.0, study.pictures / study.budget) if study.budget else 0.0
    left = "" if study.seconds_left is None else words("about {time} left", time=told_time(study.seconds_left, words))
    count = words("{pictures} of at most {budget} pictures", pictures=study.pictures, budget=study.budget)
    stage = words(_LAST_STEPS.get(study.stage, study.stage)) if study.stage and study.state != "done" else ""
    told, said = (" · ".join(filter(None, (words(study.state), stage, *more))) for more in ((), (count, left)))
    percent, filled = f"{share * 100:.0f}", f'<i style="width:{share * 100:.1f}%"></i>'
    return (
        f'<p class="cp-progress" data-cp-told="{shown_text(told)}">{shown_text(said)}</p>'
        f'<div class="cp-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent}" '
        f'aria-label="{say(words, "Progress")}">{filled}</div>'
    )


def _duel(study: StudyStatus, words: Words) -> str:
    pair = ((study.baseline_picture, "Your settings"), (study.best_picture, "Best so far"))
    return f'<div class="cp-duel">{"".join(_figure(path, words(title), words) for path, title in pair)}</div>'


def _figure(path: Path | None, title: str, words: Words) -> str:
    shown = shown_picture(path.parent, path.name, title) if path else ""
    waiting = f"<span>{say(words, 'not yet')}</span>"
    return (
        f'<figure><div class="cp-frame">{shown or waiting}</div><figcaption>{shown_text(title)}</figcaption></figure>'
    )


def _plot(study: StudyStatus, words: Words) -> str:
    from counterprompt.report.content import HistoryPoint  # what a report tells is loaded with the first curve

    points = [HistoryPoint(pictures, believed, believed) for pictures, believed in study.history]
    name = words("Best value so far against pictures generated")
    plot = draw_history(points, name) if len(points) > 1 else ""
    waiting = f'<span class="cp-waiting">{say(words, "The curve begins with the first candidates.")}</span>'
    title = say(words, "Gain of the leader as believed then, in σ")
    return f'<h4>{title}</h4><div class="cp-plot">{plot or waiting}</div>'


def _leaders(study: StudyStatus, words: Words) -> str:
    if not study.leaders:
        return ""
    rows = "".join(
        f'<tr><td>{shown_text(words(cut(each.settings, 300)))}</td><td class="cp-num">{each.believed:+.2f} σ</td>'
        f'<td class="cp-num">{each.seeds}</td></tr>'
        for each in study.leaders[:6]
    )
    heads = "".join(f'<th scope="col">{say(words, each)}</th>' for each in ("Leading candidates", "Believed", "Seeds"))
    return f'<table class="cp-leaders"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
