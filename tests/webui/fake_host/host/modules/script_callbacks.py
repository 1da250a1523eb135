"""What extensions are told."""

import dataclasses
from typing import Any

callbacks = {}


@dataclasses.dataclass
class ScriptCallback:
    """What one extension asked to be called with."""

    callback: Any


def enumerate_callbacks():
    """Return what was registered: a list for each kind."""
    return callbacks.items()


def _register(name):
    def register(function, **_):
        callbacks.setdefault(name, []).append(ScriptCallback(function))

    return register


on_before_ui = _register("before_ui")
on_ui_tabs = _register("ui_tabs")
on_ui_settings = _register("ui_settings")
on_app_started = _register("app_started")
on_after_component = _register("after_component")
on_script_unloaded = _register("script_unloaded")
on_infotext_pasted = _register("infotext_pasted")


def remove_callbacks_for_function(function):
    """Call *function* no more."""
    for each in callbacks.values():
        each[:] = [callback for callback in each if callback.callback != function]


def call(name, *arguments):
    """Tell every extension that asked to hear of *name*."""
    for each in callbacks.get(name, []):
        each.callback(*arguments)


def infotext_pasted_callback(infotext, params):
    """Let extensions change the values of a pasted infotext."""
    call("infotext_pasted", infotext, params)
