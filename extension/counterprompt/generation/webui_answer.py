"""What a WebUI answered: its JSON, or one sentence on what went wrong."""

from __future__ import annotations

import json
from typing import Any

from counterprompt.errors import GeneratorError
from counterprompt.webui_login import refuse_outsiders

_NOT_JSON = object()


def parse_answer(status: int, answer: bytes, route: str, url: str) -> Any:
    """Return what the JSON of *answer* says, with which the WebUI at *url* answered *route* and this *status*.

    Raises:
        GeneratorError: it refused, failed, or is no WebUI.
    """
    refuse_outsiders(status, url)
    if status == 404:
        raise GeneratorError(f"{url} has no {route}; start the WebUI with --api, or correct the URL.")
    if 300 <= status < 400:
        raise GeneratorError(f"{url} redirects (status {status}); give the address it redirects to.")
    said = _json_of(answer)
    if status == 422:
        raise GeneratorError(f"The WebUI at {url} does not accept {_refused_fields(said)}; change it.")
    if status != 200:
        raise GeneratorError(f'The WebUI at {url} failed ({status}): "{_host_message(said, answer)}"; see its console.')
    if said is _NOT_JSON:
        raise GeneratorError(f"{url} answered {route} with something that is not JSON; is this a WebUI?")
    return said


def _json_of(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _refused_fields(said: Any) -> str:
    """Name the fields of a 422 answer: {"detail": [{"loc": ["body", "steps"], "msg": "..."}]} or {"detail": "..."}."""
    detail = said.get("detail") if isinstance(said, dict) else None
    if isinstance(detail, list):
        faults = [entry for entry in detail if isinstance(entry, dict) and isinstance(entry.get("loc"), list)]
        named = [f'"{".".join(str(part) for part in entry["loc"][1:])}" ({entry.get("msg", "")})' for entry in faults]
        if named:
            return ", ".join(named)[:500]
    return f'a field ("{one_line(str(detail))}")'


def _host_message(said: Any, answer: bytes) -> str:
    if isinstance(said, dict):
        parts = [str(said[key]) for key in ("error", "errors", "detail") if said.get(key)]
        if parts:
            return one_line(": ".join(parts))
    return one_line(answer[:500].decode("utf-8", "replace"))


def one_line(text: str) -> str:
    """Return the beginning of *text*, at most 300 characters, on one line."""
    return " ".join(text.split())[:300]
