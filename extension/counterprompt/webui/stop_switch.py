"""Ends our own drawing within one step, and nobody else's."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from counterprompt.errors import StoppedError

if TYPE_CHECKING:
    from collections.abc import Iterator


class StopSwitch:
    """A switch that can be pressed from any thread, once and for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_pressed = self._is_drawing = self._is_flag_ours = False

    def press(self) -> None:
        """End the batch that is being drawn within one step, and every later one before it begins."""
        with self._lock:
            self._is_pressed = True
            if self._is_drawing:
                state = _host_state()
                self._is_flag_ours = self._is_flag_ours or not state.interrupted
                state.interrupt()

    def refuse_if_pressed(self) -> None:
        """Go on only where nobody pressed it.

        Raises:
            StoppedError: somebody did.
        """
        if self._is_pressed:
            raise StoppedError("Stopped; everything scored so far is kept, resume the study to go on.")

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Draw within the `with` block, which must lie within our turn: there alone a press interrupts the host.

        The host's flag is as before afterwards, so that whoever draws next is not interrupted.

        Raises:
            StoppedError: it was pressed, or somebody interrupted the host; what was drawn is half done.
        """
        with self._lock:
            self._is_drawing = True
        try:
            self.refuse_if_pressed()
            yield
            self.refuse_if_pressed()
            _refuse_interrupted(_host_state())
        finally:
            with self._lock:
                self._is_drawing = False
                if self._is_flag_ours:
                    self._is_flag_ours = _host_state().interrupted = False


def _host_state() -> Any:
    from modules import shared

    return shared.state


def _refuse_interrupted(state: Any) -> None:
    if state.interrupted or getattr(state, "stopping_generation", False):
        raise StoppedError("Interrupted; everything scored so far is kept, resume the study to go on.")
