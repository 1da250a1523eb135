"""Models that are loaded when they are used, shared by whoever uses them, and unloaded when no one has for a while."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from counterprompt.tagging.onnx_packages import CPU_PROVIDER
from counterprompt.tagging.providers import first_line, open_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from counterprompt.tagging.providers import OpenedModel

IDLE_S: Final = 300.0
"""Seconds without use after which a model is unloaded."""


@dataclass(frozen=True)
class Socket:
    """One input or output of a model, with onnxruntime's attribute names; unlike its own, it keeps no session alive."""

    name: str
    """Its name."""
    shape: tuple[int | str | None, ...]
    """Sizes; text or None where the model leaves one free."""
    type: str
    """As onnxruntime spells it: "tensor(float)"."""


class ModelSession:
    """Stands in for an `onnxruntime.InferenceSession` and loads the real one when it is needed.

    Its methods are named after onnxruntime's. Any thread may use it; runs follow each other.

    Args:
        path: the ONNX file.
        wanted: what to run on, see `providers.open_model`.
        idle_s: seconds without use after which the model is unloaded; 0 unloads after every run, below 0 never.
        runtime: the module to use in place of onnxruntime, for tests.
    """

    def __init__(self, path: Path, wanted: str = "cpu", idle_s: float = IDLE_S, runtime: Any = None) -> None:
        self.idle_s = idle_s
        self._path = path
        self._wanted = wanted
        self._runtime = runtime
        self._lock = threading.RLock()
        self._opened: OpenedModel | None = None
        self._sockets: tuple[list[Socket], list[Socket]] | None = None
        self._provider, self._reason = "", ""
        self._used_at = 0.0
        self._timer: threading.Timer | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether the model takes up memory now."""
        return self._opened is not None

    @property
    def provider(self) -> str:
        """Name what it runs on, as onnxruntime does, as of the last load; "" before the first."""
        return self._provider

    @property
    def reason(self) -> str:
        """Why it does not run on what was asked for; "" where it does."""
        return self._reason

    def get_providers(self) -> list[str]:
        """Return what it runs on."""
        return [self._provider]

    def get_inputs(self) -> list[Socket]:
        """Return names, shapes and types of the inputs; known without loading once it was loaded."""
        return self._described()[0]

    def get_outputs(self) -> list[Socket]:
        """Return names, shapes and types of the outputs."""
        return self._described()[1]

    def run(self, names: Sequence[str] | None, feeds: Mapping[str, Any]) -> list[Any]:
        """Run the model; where its card fails, out of memory say, it goes over to the CPU and stays there.

        Raises:
            MissingModelError: the model cannot be loaded.
        """
        with self._lock:
            try:
                outputs: list[Any] = self._load().session.run(names, feeds)
            except Exception as error:
                if self._provider in {"", CPU_PROVIDER}:
                    raise
                self._unload()
                self._wanted = "cpu"
                failed, self._provider = self._provider, ""
                outputs = self._load().session.run(names, feeds)
                self._reason = f"It runs on the CPU: {failed} failed ({first_line(error)})."
            self._rest()
            return outputs

    def close(self) -> None:
        """Unload the model; the next use loads it again."""
        with self._lock:
            self._unload()

    def _described(self) -> tuple[list[Socket], list[Socket]]:
        with self._lock:
            if self._sockets is None:
                session = self._load().session
                self._sockets = (_sockets(session.get_inputs()), _sockets(session.get_outputs()))
                self._rest()
            return self._sockets

    def _load(self) -> OpenedModel:
        if self._opened is None:
            self._opened = open_model(self._path, self._wanted, self._runtime)
            self._provider = self._opened.provider
            self._reason = self._opened.reason or self._reason
        return self._opened

    def _rest(self) -> None:
        """Remember the time of use, and see to it that someone looks when it was too long ago."""
        self._used_at = time.monotonic()
        if self.idle_s == 0:
            self._unload()
        elif self.idle_s > 0 and self._timer is None:
            self._start_timer(self.idle_s)

    def _start_timer(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        with self._lock:
            self._timer = None
            left = self._used_at + self.idle_s - time.monotonic()
            if self._opened is not None and left > 0:
                self._start_timer(left)
            else:
                self._unload()

    def _unload(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._opened is not None:
            self._opened = None
            give_memory_back()


def _sockets(described: Sequence[Any]) -> list[Socket]:
    return [Socket(one.name, tuple(one.shape), one.type) for one in described]


_SHARED: Final[dict[tuple[str, int, str], ModelSession]] = {}
_SHARED_LOCK: Final = threading.Lock()


def shared_session(path: Path, wanted: str = "cpu", idle_s: float = IDLE_S) -> ModelSession:
    """Return the session of *path* on *wanted*, the same one for everyone; a file that was replaced gets a new one."""
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    key = (str(path.absolute()), stamp, wanted)
    with _SHARED_LOCK:
        session = _SHARED.setdefault(key, ModelSession(path, wanted, idle_s))
        session.idle_s = idle_s
        return session


def shared_reasons() -> tuple[str, ...]:
    """Return why shared models do not run on what was asked for, each reason once."""
    with _SHARED_LOCK:
        return tuple(dict.fromkeys(session.reason for session in _SHARED.values() if session.reason))


def close_shared_sessions() -> None:
    """Unload every shared model now."""
    with _SHARED_LOCK:
        for session in _SHARED.values():
            session.close()


def give_memory_back() -> None:
    """Collect what is no longer used and let the C library return it to the system, where it can."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's alone
        if trim is not None:
            trim(0)
