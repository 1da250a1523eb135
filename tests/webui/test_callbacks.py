"""What the host calls us for."""

from __future__ import annotations

import logging
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from counterprompt.webui import callbacks

if TYPE_CHECKING:
    import pytest

NAMES = {"ui_settings", "before_ui", "after_component", "ui_tabs", "app_started", "script_unloaded"}


def test_everything_is_registered_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each callback is given alone: older hosts take no name with it."""
    registered: dict[str, Any] = {}
    host: Any = ModuleType("modules.script_callbacks")
    for name in NAMES:
        setattr(host, f"on_{name}", lambda callback, name=name: registered.__setitem__(name, callback))
    package: Any = ModuleType("modules")
    package.script_callbacks = host
    monkeypatch.setitem(sys.modules, "modules", package)
    monkeypatch.setitem(sys.modules, "modules.script_callbacks", host)

    callbacks.register_callbacks()

    assert {"ui_settings", "before_ui", "after_component", "ui_tabs", "app_started", "script_unloaded"} == set(
        registered
    )


def test_a_fault_of_ours_ends_in_the_console(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever breaks in a callback is logged with its trace, and the host goes on."""

    def _serve() -> None:
        raise ZeroDivisionError("here")

    with caplog.at_level(logging.ERROR):
        callbacks._guarded(_serve)()

    assert "serve failed" in caplog.text
    assert "ZeroDivisionError: here" in caplog.text
