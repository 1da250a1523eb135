"""Where the contract tests look: inside a running WebUI, or at the fake host that CI has."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

HOST_URL = os.environ.get("COUNTERPROMPT_HOST_URL", "").rstrip("/")
"""A running WebUI that has `tests/hosts/probe` among its extensions, or ""."""

Observe = Callable[..., dict[str, Any]]
"""Runs an observation by name, with its arguments, and returns what it saw."""


@pytest.fixture(params=[pytest.param("real", marks=pytest.mark.skipif(not HOST_URL, reason="no real host is named"))])
def observe(request: pytest.FixtureRequest) -> Observe:
    """Return what runs an observation inside the host."""
    return observe_real


def observe_real(name: str, **values: Any) -> dict[str, Any]:
    call = urllib.request.Request(
        f"{HOST_URL}/counterprompt-probe/{name}",
        json.dumps(values).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(call, timeout=600) as answer:
        said = json.load(answer)
    assert "error" not in said, said.get("trace")
    return dict(said["seen"])
