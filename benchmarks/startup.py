"""What the extension adds to a WebUI's start, by two clocks.

Inside this interpreter (no host needed; gradio where it is installed): processor time and modules of what the host runs
of ours at its start, after all that a host has loaded by then. `python -m benchmarks.startup`

In a running host, by its own timer: `python -m benchmarks.startup --host http://127.0.0.1:7860`. "create ui" holds our
tab, the other lines are ours alone. Where `tests/hosts/probe` is among the host's extensions it also says what of its
start ran in our code, in processor time; Python's collector, which walks all that the host has loaded, is taken off.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

HEAVY = ("torch", "optuna", "sqlalchemy", "onnxruntime", "open_clip", "diffusers", "transformers", "scipy")
"""Never to be loaded by us before first use."""

PAGE = ("before_ui", "after_component", "ui_tabs", "ui")
"""Calls that build our part of the page; "ui" is that of our scripts."""

_MEASURE = """
import json, runpy, sys, time, types
try:
    import gradio, fastapi, numpy, PIL.Image
except ImportError:
    import urllib.request, logging, dataclasses, sqlite3, html, hashlib
modules = types.ModuleType("modules")
class Planted(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {}) if name[0].isupper() else (lambda *args, **kwargs: None)
for name in ("script_callbacks", "scripts", "shared", "errors"):
    planted = Planted("modules." + name)
    sys.modules["modules." + name] = planted
    setattr(modules, name, planted)
sys.modules["modules"] = modules
modules.shared.opts = types.SimpleNamespace(data={})

def measure(work):
    before, began = set(sys.modules), time.process_time()
    work()
    spent = time.process_time() - began
    new = set(sys.modules) - before
    ours = [name for name in new if name.split(".")[0] == "counterprompt"]
    heavy = sorted({name.split(".")[0] for name in new} & set(%(heavy)r))
    return {"milliseconds": 1000 * spent, "modules": len(ours), "heavy": heavy}

def build():
    from counterprompt.webui.page import build_page
    build_page()

costs = [measure(lambda: runpy.run_path(%(entry)r))]
if "gradio" in sys.modules:
    costs.append(measure(build))
print(json.dumps(costs))
"""


@dataclass(frozen=True)
class Cost:
    """What a part of the start costs."""

    milliseconds: float
    """Processor time."""
    modules: int
    """Modules of ours that are loaded by it."""
    heavy: list[str]
    """Frameworks that are loaded by it, which should be none."""


def start_costs() -> list[Cost]:
    """Load our script in a fresh interpreter as a host does and, where gradio is installed, build our tab."""
    entry = str(ROOT / "scripts" / "counterprompt_entry.py")
    code = _MEASURE % {"entry": entry, "heavy": HEAVY}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)  # noqa: S603 - our own code
    return [Cost(**cost) for cost in json.loads(done.stdout.splitlines()[-1])]


def host_records(url: str) -> dict[str, float]:
    """Ask a running host for those seconds of its start that hold something of ours."""
    page = f"{url}/internal/profile-startup"
    with urllib.request.urlopen(page, timeout=60) as answer:  # noqa: S310 - the user's own address
        records = json.load(answer)["records"]
    ours = ("counterprompt", "app_started_callback/callbacks.py", "create ui")
    return {name: seconds for name, seconds in records.items() if any(part in name for part in ours)}


def page_costs(url: str) -> dict[str, float]:
    """Ask a running host's probe for the milliseconds of processor time that each kind of our calls took at its start.

    Empty where the probe is not there.
    """
    call = urllib.request.Request(  # noqa: S310 - the user's own address
        f"{url}/counterprompt-probe/start_cost", b"{}", {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(call, timeout=60) as answer:  # noqa: S310
            costs = json.load(answer)["seen"]
    except urllib.error.HTTPError:
        return {}
    return {kind: cost["milliseconds"] for kind, cost in costs.items()}


def _show_page(costs: dict[str, float]) -> None:
    page = sum(costs[kind] for kind in PAGE)
    parts = ", ".join(f"{kind} {milliseconds:.0f}" for kind, milliseconds in costs.items())
    sys.stdout.write(f"building our part of the page: {page:.0f} ms of processor time ({parts})\n")


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="", help="URL of a running WebUI")
    parser.add_argument("--times", type=int, default=5, help="how often to measure here")
    asked = parser.parse_args()
    if asked.host:
        for name, seconds in host_records(asked.host).items():
            sys.stdout.write(f"{name}: {1000 * seconds:.0f} ms\n")
        if costs := page_costs(asked.host):
            _show_page(costs)
        return
    runs = [start_costs() for _ in range(asked.times)]
    for what, costs in zip(("loading our script", "building our tab"), zip(*runs)):
        best = min(costs, key=lambda cost: cost.milliseconds)
        sys.stdout.write(
            f"{what}: {best.milliseconds:.1f} ms of processor time (best of {len(costs)}), "
            f"{best.modules} modules of ours, heavy: {', '.join(best.heavy) or 'none'}\n"
        )


if __name__ == "__main__":
    main()
