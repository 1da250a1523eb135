"""Where the contract tests look: inside a running WebUI, and into the fake host that CI has."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HOST_URL = os.environ.get("COUNTERPROMPT_HOST_URL", "").rstrip("/")
"""A running WebUI that has `tests/hosts/probe` among its extensions, or ""."""

Observe = Callable[..., dict[str, Any]]
"""Runs an observation by name, with its arguments, and returns what it saw."""

_HERE = Path(__file__).parent


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=["real"] if HOST_URL else ["fake", "fake Forge"])
def observe(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Observe]:
    """Give what runs an observation inside the host: the real one where one is named, else either kind of fake one."""
    if request.param == "real":
        yield observe_real
        return
    monkeypatch.setenv("COUNTERPROMPT_DATA", str(tmp_path / "data"))
    start = _load(_HERE / "probe" / "start_cost.py").StartCost()
    with _load(_HERE.parent / "webui" / "fake_host" / "fake_host.py").hosted(tmp_path, request.param, start.watch):
        observations = {**_load(_HERE / "probe" / "observations.py").OBSERVATIONS, "start_cost": start.told}

        def observe_fake(name: str, **values: Any) -> dict[str, Any]:
            return dict(json.loads(json.dumps(observations[name](**json.loads(json.dumps(values))))))

        yield observe_fake


def observe_real(name: str, **values: Any) -> dict[str, Any]:
    """Ask the running host's probe."""
    call = urllib.request.Request(
        f"{HOST_URL}/counterprompt-probe/{name}", json.dumps(values).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(call, timeout=1800) as answer:
        said = json.load(answer)
    assert "error" not in said, said.get("trace")
    return dict(said["seen"])
