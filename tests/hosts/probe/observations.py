"""What the contract tests look at inside a host, real or fake: each function generates and says in JSON what it saw."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from pathlib import Path
from typing import Any


def _request(**changes: Any) -> Any:
    from counterprompt.ports import GenerationRequest

    usual = GenerationRequest("a red circle on a white background", "blurry", 1, 6, "Euler", "Automatic", 7.0, 64, 64)
    return replace(usual, **changes)


def _digest(image: Any) -> str:
    return hashlib.sha256(image.tobytes()).hexdigest()[:16]


def batch(count: int = 8, batch_size: int = 8, **changes: Any) -> dict[str, Any]:
    """Draw *count* pictures on seeds 1, 2, 3 ... in the background."""
    from counterprompt.webui.in_process import InProcessGenerator

    generator = InProcessGenerator(batch_size=batch_size)
    started = time.perf_counter()
    images = generator.generate([_request(seed=1 + at, **changes) for at in range(count)])
    return {
        "modes": sorted({image.mode for image in images}),
        "sizes": sorted({image.size for image in images}),
        "digests": [_digest(image) for image in images],
        "seconds": time.perf_counter() - started,
        "kept": _host_state(),
    }


def _host_state() -> dict[str, Any]:
    from modules import paths, processing, shared

    from counterprompt.webui.kept_state import loaded_loras

    params = Path(paths.data_path) / "params.txt"
    cls = processing.StableDiffusionProcessing
    return {
        "params": params.read_text("utf-8") if params.is_file() else None,
        "clip_skip": shared.opts.data.get("CLIP_stop_at_last_layers"),
        "job": shared.state.job,
        "interrupted": shared.state.interrupted,
        "caches": [repr(vars(cls)[name])[:200] for name in vars(cls) if name.startswith("cached_")],
        "loras": loaded_loras(),
    }


OBSERVATIONS = {"batch": batch, "host_state": _host_state}
