"""What the host calls us for."""

from __future__ import annotations

import inspect
import logging
import sys
from types import ModuleType
from typing import Any

import pytest

from counterprompt.webui import callbacks

NAMES = {
    "ui_settings",
    "before_ui",
    "after_component",
    "ui_tabs",
    "app_started",
    "script_unloaded",
    "infotext_pasted",
}


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

    assert NAMES == set(registered)


def test_once_the_tab_is_built_nothing_is_heard_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host builds thousands of components after our tab, and an older one that forgets nobody breaks nothing."""
    monkeypatch.setattr("counterprompt.webui.page.build_page", lambda: ["tab"])
    forgotten: list[Any] = []
    host: Any = ModuleType("modules.script_callbacks")
    build = callbacks._building(host, print)

    assert ["tab"] == build()
    host.remove_callbacks_for_function = forgotten.append
    assert ["tab"] == build()
    assert [print] == forgotten


def test_the_host_sees_a_short_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """However deep a host's start is, the stack that it reads for each callback is short, and ours is on top of it."""
    stacks: list[list[str]] = []
    host: Any = ModuleType("modules.script_callbacks")
    for name in NAMES:
        setattr(host, f"on_{name}", lambda _: stacks.append([frame.filename for frame in inspect.stack(0)[1:]]))
    package: Any = ModuleType("modules")
    package.script_callbacks = host
    monkeypatch.setitem(sys.modules, "modules", package)
    monkeypatch.setitem(sys.modules, "modules.script_callbacks", host)

    callbacks.register_callbacks()

    assert {callbacks.__file__} == {stack[0] for stack in stacks}
    assert max(map(len, stacks)) <= 8


def test_a_fault_in_registering_reaches_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host without one of the callbacks is told so, as it tells of any script that cannot be loaded."""
    package: Any = ModuleType("modules")
    package.script_callbacks = ModuleType("modules.script_callbacks")
    monkeypatch.setitem(sys.modules, "modules", package)
    monkeypatch.setitem(sys.modules, "modules.script_callbacks", package.script_callbacks)

    with pytest.raises(AttributeError, match="on_ui_settings"):
        callbacks.register_callbacks()


def test_a_fault_of_ours_ends_in_the_console(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever breaks in a callback is logged with its trace, and the host goes on."""

    def _serve() -> None:
        raise ZeroDivisionError("here")

    with caplog.at_level(logging.ERROR):
        callbacks._guarded(_serve)()

    assert "serve failed" in caplog.text
    assert "ZeroDivisionError: here" in caplog.text
