"""What the summary of many jobs says of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from counterprompt.report.verdict import verdict_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.report.content import ReportContent


class JobState(str, Enum):
    """How far a job is."""

    GAIN = "gain"
    """Done: something better was found and proven."""
    NO_GAIN = "no gain"
    """Done: nothing better was proven."""
    FAILED = "failed"
    """It could not be done; the same command tries again."""
    STOPPED = "stopped"
    """The user stopped it."""
    WAITING = "waiting"
    """Its turn has not come."""


@dataclass(frozen=True)
class JobRow:
    """One job in the summary."""

    name: str
    """Its name, also of its folder."""
    state: JobState
    """How far it is."""
    sentence: str = ""
    """What came of it, or why it failed, in plain words."""
    content: ReportContent | None = None
    """Its report, where it is done."""
    is_skipped: bool = False
    """Whether it was done before this run began."""

    @classmethod
    def of(cls, name: str, content: ReportContent, *, is_skipped: bool = False) -> JobRow:
        """Return the row of a job that is done."""
        state = JobState.GAIN if content.is_gain else JobState.NO_GAIN
        why = content.reason if not content.is_gain else ""  # a guard, not the figures, may be what decided
        return cls(name, state, why or verdict_sentence(content), content, is_skipped)


def jobs_answer(rows: Sequence[JobRow], summary: str) -> dict[str, Any]:
    """Answer of `run`: each job with its state, what to use and the proof; *summary* is the page's path."""
    return {
        "summary": summary,
        "failed": sum(row.state is JobState.FAILED for row in rows),
        "jobs": [_row_answer(row) for row in rows],
    }


def _row_answer(row: JobRow) -> dict[str, Any]:
    answer: dict[str, Any] = {"name": row.name, "state": row.state.value, "sentence": row.sentence}
    if row.content is not None:
        winner, proof = row.content.winner, row.content.held_out
        answer["use"] = {
            "prompt": winner.prompt,
            "negative_prompt": winner.negative_prompt,
            "cfg_scale": winner.cfg_scale,
        }
        answer |= {"gain": proof.gain, "ci95": list(proof.ci95), "pictures": row.content.pictures}
        answer["study"] = row.content.study
    return answer
