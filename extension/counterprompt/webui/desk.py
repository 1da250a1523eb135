"""The one study desk of this host: opened on first use, closed when the host reloads its page."""

from __future__ import annotations

import threading

from counterprompt.webui.options import host_extras, host_settings, option
from counterprompt.webui.studies import StudyDesk
from counterprompt.webui.study_run import StudyWorkplace

_lock = threading.Lock()
_open: list[StudyDesk] = []


def study_desk() -> StudyDesk:
    """Return the desk, opening it on first use.

    Raises:
        InvalidInputError: the data folder in the settings is no good.
    """
    with _lock:
        if not _open:
            _open.append(StudyDesk(host_settings().studies_folder, _workplace))
        return _open[0]


def close_desk(seconds: float = 5.0) -> None:
    """Pause what runs and forget the desk; wait at most so many *seconds* for the batch in hand."""
    with _lock:
        while _open:
            _open.pop().close(seconds)


def _workplace() -> StudyWorkplace:
    from counterprompt.webui.in_process import InProcessGenerator

    settings = host_settings()
    return StudyWorkplace(InProcessGenerator(batch_size=int(option("batch_size"))), settings, host_extras(settings))
