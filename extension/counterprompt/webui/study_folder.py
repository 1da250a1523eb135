"""What the study desk keeps in a study's folder, beside what the search keeps there: the order and the last status."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, get_args

from counterprompt.errors import InvalidInputError
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.webui.options import DATA_FOLDER
from counterprompt.webui.study_values import Leader, StudyOrder, StudyState, StudyStatus
from counterprompt.whole_files import naming_the_remedy, replace_text, replacing
from counterprompt.workflow.baseline import TuneChoices

ORDER_FILE: Final = "order.json"
STATUS_FILE: Final = "desk.json"
PICTURE_FILE: Final = "ordered_picture"
"""The dropped picture as it came, without an ending: its content says what it is."""

FINGERPRINT_FILE: Final = "txt2img.txt"
"""Where Generate began the study: the fingerprint of all that is set in txt2img and stands in no order."""

_LARGEST_FILE: Final = 5_000_000
_PROOF_BROKEN_OFF: Final = "The second proof ended early; Prove again goes on with it, and nothing is drawn twice."
_RESTARTED: Final = "The WebUI was restarted meanwhile; resume goes on, and nothing is drawn twice."


def write_order(folder: Path, order: StudyOrder) -> None:
    """Keep *order* in *folder*, which is made.

    Raises:
        InvalidInputError: it cannot be written.
    """
    with naming_the_remedy(*DATA_FOLDER):
        folder.mkdir(parents=True)
        if order.picture is not None:
            with replacing(folder / PICTURE_FILE) as aside:
                aside.write_bytes(order.picture)
        baseline = asdict(order.baseline) if order.baseline else None
        values = {
            "name": order.name,
            "baseline": baseline,
            "choices": asdict(order.choices),
            "questions": order.questions,
        }
        replace_text(folder / ORDER_FILE, json.dumps(values), errors="replace")


def read_order(folder: Path) -> StudyOrder:
    """Read back what `write_order` kept.

    Raises:
        InvalidInputError: it is not there or damaged.
    """
    try:
        values = _read_json(folder / ORDER_FILE)
        picture = folder / PICTURE_FILE
        return StudyOrder(
            picture=picture.read_bytes() if picture.is_file() else None,
            baseline=GenerationRequest(**values["baseline"]) if values["baseline"] else None,
            choices=_choices_from(values["choices"]),
            name=str(values["name"]),
            questions=int(values.get("questions", 0)),
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InvalidInputError(f"The order in {folder} is damaged ({error}); start a new study.") from error


def write_status(folder: Path, status: StudyStatus) -> None:
    """Keep *status* in *folder*; pictures by their names, so that the folder can be moved.

    Raises:
        InvalidInputError: it cannot be written.
    """
    values = asdict(status)
    for name in ("baseline_picture", "best_picture"):
        is_ours = values[name] is not None and values[name].is_relative_to(folder)
        values[name] = values[name].relative_to(folder).as_posix() if is_ours else None
    with naming_the_remedy(*DATA_FOLDER):
        replace_text(folder / STATUS_FILE, json.dumps(values), errors="replace")


def read_status(folder: Path) -> StudyStatus | None:
    """Read back what `write_status` kept; None where there is nothing, or something damaged."""
    try:
        values = _read_json(folder / STATUS_FILE)
        if values["state"] not in get_args(StudyState):
            return None
        values["leaders"] = tuple(Leader(**leader) for leader in values["leaders"])
        values["history"] = tuple((int(pictures), float(believed)) for pictures, believed in values["history"])
        for name in ("baseline_picture", "best_picture"):
            values[name] = _picture_in(folder, values[name])
        return replace(StudyStatus(**values), id=folder.name)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _picture_in(folder: Path, name: str | None) -> Path | None:
    """Return the picture *name* of *folder*; None for one that would lie elsewhere: the file may have been edited."""
    path = folder / name if name else None
    return path if path is not None and path.resolve().is_relative_to(folder.resolve()) else None


def is_generates(folder: Path) -> bool:
    """Whether Generate began the study in *folder*, with hires fix, styles and scripts that stand in no order."""
    return (folder / FINGERPRINT_FILE).exists()


def found_studies(studies_folder: Path) -> list[tuple[Path, StudyStatus]]:
    """Find the studies that a desk left in *studies_folder*, the oldest first, those it broke off as paused."""
    folders = [path for path in studies_folder.iterdir() if path.is_dir()] if studies_folder.is_dir() else []
    found = [(folder, read_status(folder)) for folder in sorted(folders, key=_begun)]
    return [(folder, _as_found(status, folder)) for folder, status in found if status is not None]


def _begun(folder: Path) -> float:
    try:
        return (folder / ORDER_FILE).stat().st_mtime
    except OSError:
        return 0.0


def _as_found(status: StudyStatus, folder: Path) -> StudyStatus:
    if status.state not in ("running", "waiting"):
        return status
    changes: dict[str, Any] = at_rest(folder, "paused", _RESTARTED)
    return replace(status, seconds_left=None, **changes)


def at_rest(folder: Path, state: StudyState, message: str) -> dict[str, Any]:
    """Return state, message and verdict of the study in *folder* that ended early as *state*.

    One that has a report was proving anew what it had found: its result stands, and so does the wish to prove it.
    """
    from counterprompt.report.files import load_report  # only where something was broken off

    try:
        verdict = load_report(folder).verdict
    except InvalidInputError:
        return {"state": state, "message": message, "verdict": None}
    return {"state": "done", "message": message if state == "failed" else _PROOF_BROKEN_OFF, "verdict": verdict}


def _choices_from(values: dict[str, Any]) -> TuneChoices:
    layers, weights, limits = values["layers"], values["score_weights"], values.get("guard_limits")
    plain = {name: _tupled(value) for name, value in values.items()}
    plain["layers"] = None if layers is None else tuple(NegativeLayer(**_tupled_fields(layer)) for layer in layers)
    plain["score_weights"] = None if weights is None else ScoreWeights(**weights)
    plain["guard_limits"] = None if limits is None else GuardLimits(**limits)
    return TuneChoices(**plain)


def _tupled_fields(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _tupled(value) for name, value in values.items()}


def _tupled(value: Any) -> Any:
    return tuple(_tupled(each) for each in value) if isinstance(value, list) else value


def _read_json(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _LARGEST_FILE:
        raise ValueError(f"{path.name} is too large")
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        raise TypeError(f"{path.name} holds no object")
    return values
