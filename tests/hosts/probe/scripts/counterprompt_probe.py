"""Lets the contract tests look into a running host: runs one of the functions of `observations.py` and answers in JSON.

For tests only: link this folder into a host's extensions, and never on a host that others can reach.
"""

import importlib.util
import traceback
from pathlib import Path

from modules import script_callbacks

_OBSERVATIONS = Path(__file__).resolve().parents[1] / "observations.py"


def _observe(name: str, values: dict) -> dict:
    spec = importlib.util.spec_from_file_location("counterprompt_observations", _OBSERVATIONS)
    observations = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(observations)  # anew each time, so that an edit needs no restart
    try:
        return {"seen": observations.OBSERVATIONS[name](**values)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}


def _add_route(_demo: object, app: object) -> None:
    from fastapi import Body

    def probe(name: str, values: dict = Body(default={})) -> dict:  # noqa: B008
        return _observe(name, values)

    app.add_api_route("/counterprompt-probe/{name}", probe, methods=["POST"], response_model=None)


script_callbacks.on_app_started(_add_route)
