"""What is done once the host's server stands."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from counterprompt.webui.serving import block_data, serve_rest


class _App:
    def __init__(self) -> None:
        self.routes: list[str] = []

    def add_api_route(self, path: str, endpoint: Any, **options: Any) -> None:
        self.routes.append(path)


def _plant(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rest: str, **flags: Any) -> None:
    monkeypatch.setenv("COUNTERPROMPT_DATA", str(tmp_path))
    shared: Any = ModuleType("modules.shared")
    shared.opts, shared.cmd_opts = SimpleNamespace(counterprompt_rest=rest), SimpleNamespace(**flags)
    package: Any = ModuleType("modules")
    package.shared = shared
    monkeypatch.setitem(sys.modules, "modules", package)
    monkeypatch.setitem(sys.modules, "modules.shared", shared)


def test_our_data_is_kept_from_the_file_route(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The data folder joins what is blocked already, once, and a host without a page is left alone."""
    _plant(monkeypatch, tmp_path, "with --api")
    demo = SimpleNamespace(blocked_paths=["/secret"])

    block_data(demo)
    block_data(demo)
    block_data(None)

    assert ["/secret", str(tmp_path)] == demo.blocked_paths


@pytest.mark.parametrize(
    ("rest", "flags", "is_served"),
    [
        ("with --api", {"api": True}, True),
        ("with --api", {"nowebui": True}, True),
        ("with --api", {"api": False}, False),
        ("always", {}, True),
        ("never", {"api": True}, False),
    ],
)
def test_rest_is_served_where_it_is_wanted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rest: str, flags: dict[str, bool], is_served: bool
) -> None:
    """With the host's API, or by the setting, and not otherwise."""
    pytest.importorskip("fastapi", reason="a WebUI brings it; CI has environments with both its majors")
    _plant(monkeypatch, tmp_path, rest, **flags)
    app = _App()

    serve_rest(app)

    assert is_served == ("/counterprompt/v1/read" in app.routes)
