"""Compares the store's download with `huggingface_hub`'s on the same stand-in for the hub: broken off, and wrong.

Run `uv run python benchmarks/hub_client.py` (a minute; no network). For each client it prints what is kept when the
connection is lost after 12 of 20 MB, from which byte the next call goes on, and whether content with another hash than
the one announced is refused. It shows why the store does not use `huggingface_hub` for the transfer:

    huggingface_hub 0.36.2   keeps 10485760 bytes, goes on from 10485760, takes wrong content
    huggingface_hub 2.4.0    keeps 0 bytes, goes on from 0, takes wrong content
    counterprompt            keeps 12000000 bytes, goes on from 12000000, refuses wrong content
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterprompt.tagging.hub_answers import HubSource
from counterprompt.tagging.hub_download import DownloadHooks, fetch_file
from counterprompt.tagging.known_taggers import HubFile

if TYPE_CHECKING:
    from collections.abc import Callable

CONTENT = b"\x08\x07" + bytes(range(256)) * 80_000
LOST_AFTER = 12_000_000


def main() -> None:
    """Put both clients through the same three downloads."""
    os.environ |= {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    logging.disable(logging.WARNING)
    time.sleep = lambda _seconds: None  # the library waits a second before each new try
    import huggingface_hub

    def theirs(hub: Any, folder: Path) -> Path:
        path = huggingface_hub.hf_hub_download(hub.repo_id, "model.onnx", endpoint=hub.url, cache_dir=folder)
        return Path(path)

    def ours(hub: Any, folder: Path) -> Path:
        source = HubSource(hub.url, hub.repo_id, "main")
        fetch_file(source, HubFile("model.onnx"), folder / "model.onnx", DownloadHooks())
        return folder / "model.onnx"

    compare(f"huggingface_hub {huggingface_hub.__version__}", theirs)
    compare("counterprompt", ours)


def compare(name: str, download: Callable[[Any, Path], Path]) -> None:
    """Print what *download* does with a lost connection and with wrong content."""
    hub = load_stand_in().HubStandIn()
    hub.large["model.onnx"] = CONTENT
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        hub.breaks = [LOST_AFTER, *[0] * 12]
        ended = outcome(download, hub, folder)
        parts = [*folder.rglob("*.incomplete"), *folder.rglob("*.part")]
        kept = sum(path.stat().st_size for path in parts)
        hub.breaks, hub.asked = [], []
        assert outcome(download, hub, folder) == "right", ended
        (headers,) = hub.headers_of("GET", "/store/")
        start = {key.lower(): text for key, text in headers.items()}.get("range", "bytes=0-")[6:-1]
    with tempfile.TemporaryDirectory() as temporary:
        hub.served = CONTENT[:-1] + b"!"
        wrong = "takes" if outcome(download, hub, Path(temporary)) == "wrong" else "refuses"
    hub.close()
    sys.stdout.write(f"{name:<24} keeps {kept} bytes, goes on from {start}, {wrong} wrong content\n")


def outcome(download: Callable[[Any, Path], Path], hub: Any, folder: Path) -> str:
    """Return "right" or "wrong" for what came, or the error that came instead."""
    try:
        path = download(hub, folder)
    except Exception as error:  # each client has its own
        return type(error).__name__
    return "right" if path.read_bytes() == CONTENT else "wrong"


def load_stand_in() -> Any:
    """Import the tests' stand-in for the hub."""
    path = Path(__file__).parents[1] / "tests" / "tagging" / "hub_stand_in.py"
    spec = importlib.util.spec_from_file_location("hub_stand_in", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
