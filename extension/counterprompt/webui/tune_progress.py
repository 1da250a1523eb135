"""Shows a study that runs inside Generate on the host's own progress bar, and hears its Interrupt button."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterprompt.webui.study_values import StudyStatus


def show_status(status: StudyStatus) -> None:
    """Set the host's progress bar to *status*: pictures done of those planned, and the stage in words."""
    from modules import shared

    state = shared.state
    state.job_count = max(1, status.budget)
    state.job_no = min(status.pictures, state.job_count)
    state.processing_has_refined_job_count = True  # else hires fix doubles the count again and again
    state.textinfo = status_text(status)


def status_text(status: StudyStatus) -> str:
    """Say in one line where a study stands."""
    parts = [f"Counterprompt, {status.stage or 'waiting'}: {status.pictures} of {status.budget} pictures"]
    if status.leaders and status.leaders[0].believed > 0:
        parts.append(f"best so far {status.leaders[0].believed:+.2f}")
    return ", ".join(parts)


def is_interrupted() -> bool:
    """Whether the user pressed Interrupt, once or twice."""
    from modules import shared

    return bool(shared.state.interrupted or getattr(shared.state, "stopping_generation", False))
