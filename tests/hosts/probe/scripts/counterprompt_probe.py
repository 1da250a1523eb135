"""Lets the contract tests look into a running host: runs one of the functions of `observations.py` and answers in JSON.

For tests only: link this folder into a host's extensions, and never on a host that others can reach.
"""

import importlib.util
import sys
import traceback
from pathlib import Path
from typing import Any

from modules import script_callbacks

_HERE = Path(__file__).resolve().parents[1]


def _load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"counterprompt_{name}", _HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


_START = _load("start_cost").StartCost()


def _observe(name: str, values: dict) -> dict:
    try:
        if name == "start_cost":
            return {"seen": _START.told()}
        observations = _load("observations")  # anew each time, so that an edit needs no restart
        return {"seen": observations.OBSERVATIONS[name](**values)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}


def _add_route(_demo: object, app: object) -> None:
    from fastapi import Body

    def probe(name: str, values: dict = Body(default={})) -> dict:  # noqa: B008
        return _observe(name, values)

    app.add_api_route("/counterprompt-probe/{name}", probe, methods=["POST"], response_model=None)


def _watch_first() -> None:
    _START.watch()
    _before_ui()


_before_ui, script_callbacks.before_ui_callback = script_callbacks.before_ui_callback, _watch_first
script_callbacks.on_app_started(_add_route)
