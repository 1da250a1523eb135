"""How long a study will take, estimated before it starts, as HTML."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from counterprompt.jobs.budgets import PRESETS
from counterprompt.report.chips import shown_text
from counterprompt.search.picture_split import usual_proof_seeds
from counterprompt.webui.options import FEWEST_PICTURES
from counterprompt.webui.tab.empty_page import unknown_pace
from counterprompt.webui.tab.pieces import render_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.picture_cost import Drawing, PictureCost
    from counterprompt.webui.tab.words import Words


@dataclass(frozen=True)
class Pace:
    """How fast pictures come here."""

    cost: PictureCost
    """What one picture costs."""
    is_studied: bool = False
    """Whether it is that of the latest study, and was not measured on its own."""
    measured: Drawing | None = None
    """What was drawn when it was measured, where that is something else than what it is told for."""

    @property
    def seconds(self) -> float:
        """From one picture to the next, drawn and scored; above 0."""
        return self.cost.seconds


def pace_for(drawing: Drawing | None, known: Sequence[Pace]) -> Pace | None:
    """Return the pace of *drawing* by what is *known*, the better one first; None where nothing is.

    One that was measured with the same steps and size is taken before any other, and others are scaled.
    """
    if drawing is None or not known:
        return next(iter(known), None)
    same = next((pace for pace in known if pace.cost.drawing == drawing), None)
    return same or replace(known[0], cost=known[0].cost.scaled_to(drawing), measured=known[0].cost.drawing)


def pictures_in_all(budget: int) -> int:
    """Count the pictures of a study with *budget*, those of the controls afterwards too."""
    return budget + 2 * usual_proof_seeds(budget)


def budget_within(minutes: float, seconds: float, most: int) -> int:
    """Return the largest budget up to *most* that ends within *minutes* at so many *seconds* a picture; 0 for none."""
    affordable = int(60 * minutes / seconds)
    return next((budget for budget in range(most, FEWEST_PICTURES - 1, -1) if pictures_in_all(budget) <= affordable), 0)


def told_time(seconds: float, words: Words) -> str:
    """Say a span of time in whole minutes, in seconds below one and a half, in hours from an hour and a half on."""
    if seconds < 90:
        return words("{seconds} s", seconds=max(1, round(seconds)))
    if seconds < 5400:
        return words("{minutes} min", minutes=round(seconds / 60))
    return words("{hours} h", hours=f"{seconds / 3600:.1f}")


def render_measuring(words: Words) -> str:
    """Say that pictures are being drawn to see how long they take."""
    return f'<div data-cp-busy="1">{render_note(words("Drawing a few pictures to see how long they take…"))}</div>'


def render_estimate(budget: int, minutes: float, pace: Pace | None, words: Words) -> str:
    """Say how long *budget* pictures take, 0 *minutes* being no limit; without a *pace* how to learn it."""
    if pace is None:
        return unknown_pace(words)
    fitting = budget if not minutes else budget_within(minutes, pace.seconds, budget)
    if not fitting:
        least = pictures_in_all(FEWEST_PICTURES) * pace.seconds / 60
        few = "{minutes} minutes are too few to prove anything at {seconds} s a picture; give at least {least}."
        values = {"minutes": f"{minutes:g}", "seconds": f"{pace.seconds:.2g}", "least": f"{least + 0.1:.1f}"}
        return render_note(words(few, **values), "warning")
    lasting = words("About {time}", time=told_time(pictures_in_all(fitting) * pace.seconds, words))
    return (
        f'<div class="cp-estimate" role="status"><b>{shown_text(lasting)}</b>'
        f"<span>{shown_text(_basis(fitting, fitting < budget, pace, words))}</span>{_others(pace, words)}</div>"
    )


def _basis(fitting: int, is_cut: bool, pace: Pace, words: Words) -> str:
    counted = {"pictures": fitting, "more": pictures_in_all(fitting) - fitting, "seconds": f"{pace.seconds:.2g}"}
    told = words(
        "An estimate: at most {pictures} pictures, and {more} to compare with an empty and a popular negative prompt, "
        "{seconds} s each",
        **counted,
    )
    end = words("; the time limit ends the search there.") if is_cut else words("; it may end sooner.")
    return f"{told}, {_source(pace, words)}{end}"


def _source(pace: Pace, words: Words) -> str:
    values = _told_drawing(pace.measured or pace.cost.drawing)
    if pace.measured:
        told = _told_drawing(pace.cost.drawing)
        values |= {"new_steps": told["steps"], "new_size": told["size"]}
        if pace.is_studied:
            return words(
                "scaled from the latest study with {steps} steps at {size} to {new_steps} steps at {new_size}, as if "
                "drawing grew with steps and pixels (“Measure” tells it exactly)",
                **values,
            )
        return words(
            "measured with {steps} steps at {size} and scaled to {new_steps} steps at {new_size}, as if drawing grew "
            "with steps and pixels (“Measure” tells it exactly)",
            **values,
        )
    if pace.is_studied:
        return words("as in the latest study with {steps} steps at {size}", **values)
    return words("as measured with {steps} steps at {size}", **values)


def _told_drawing(drawing: Drawing) -> dict[str, object]:
    return {"steps": drawing.steps, "size": f"{drawing.width}×{drawing.height}"}


def _others(pace: Pace, words: Words) -> str:
    times = "".join(
        f"<li><span>{shown_text(words(name))}</span> {budget} · "
        f"{shown_text(told_time(pictures_in_all(budget) * pace.seconds, words))}</li>"
        for name, budget in PRESETS.items()
    )
    return f'<ul class="cp-times">{times}</ul>'
