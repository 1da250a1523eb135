"""What importing the package costs: nothing heavy may load before it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXTENSION = Path(__file__).parents[2] / "extension"

REPORT_LOADED = """
import importlib, pkgutil, sys
sys.path.insert(0, {extension!r})
heavy, seen = set({heavy!r}), set()
import counterprompt
for module in pkgutil.walk_packages(counterprompt.__path__, "counterprompt."):
    if module.name.startswith({skipped!r}):
        continue
    importlib.import_module(module.name)
    if new := sorted(heavy & set(sys.modules) - seen):
        seen.update(new)
        print(module.name, "loads", *new)
"""
HEAVY = ("torch", "optuna", "onnxruntime", "open_clip", "diffusers", "transformers")
NEEDS_A_HOST = ("counterprompt.webui.",)
ON_FIRST_USE = ("counterprompt.search.surrogate.",)
ADAPTERS = tuple(f"counterprompt.{name}" for name in ("imagefile", "tagging", "scoring", "generation"))


@pytest.mark.parametrize(
    ("heavy", "skipped"),
    [(HEAVY, NEEDS_A_HOST + ON_FIRST_USE), (("numpy", "PIL"), NEEDS_A_HOST + ON_FIRST_USE + ADAPTERS)],
    ids=["frameworks", "numpy and Pillow"],
)
def test_importing_every_module_loads_nothing_heavy(heavy: tuple[str, ...], skipped: tuple[str, ...]) -> None:
    """No module brings a framework in when it loads; outside the adapters neither numpy nor Pillow."""
    code = REPORT_LOADED.format(extension=str(EXTENSION), heavy=heavy, skipped=skipped)

    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)

    assert "" == finished.stdout + finished.stderr
