"""Opens an ONNX model on the CPU, or on a card where that truly works.

onnxruntime falls back to the CPU without a word: a provider that cannot start is left out of the session, and a session
that fails on it is opened again without it. So a card counts only when the session names it first and a run on it,
with that fallback off, gave finite numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from counterprompt.errors import InvalidInputError, MissingModelError
from counterprompt.tagging.onnx_packages import CPU_PROVIDER, CUDA_PROVIDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PROVIDERS: Final[Mapping[str, str]] = {
    "cpu": CPU_PROVIDER,
    "cuda": CUDA_PROVIDER,
    "migraphx": "MIGraphXExecutionProvider",
    "rocm": "ROCMExecutionProvider",
    "directml": "DmlExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
}
"""What the user writes, beside "auto", to onnxruntime's name."""

_BEST_FIRST: Final = ("cuda", "migraphx", "rocm", "directml", "coreml")
"""What "auto" tries before the CPU; OpenVINO is left out, since its half precision spoils the confidences."""

_OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    # A guest beside a diffusion model: no search for the fastest kernels, no memory in powers of two, 2 GiB at most.
    CUDA_PROVIDER: {
        "cudnn_conv_algo_search": "HEURISTIC",
        "arena_extend_strategy": "kSameAsRequested",
        "gpu_mem_limit": str(2 << 30),
    },
}
_USUAL_SIZE: Final = 448
_TYPES: Final = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(uint8)": np.uint8}


@dataclass(frozen=True)
class OpenedModel:
    """A model that is loaded."""

    session: Any
    """An `onnxruntime.InferenceSession`."""
    provider: str
    """onnxruntime's name of what it runs on."""
    reason: str
    """Why it is not what was asked for; "" where it is."""


def open_model(path: Path, wanted: str = "cpu", runtime: Any = None) -> OpenedModel:
    """Load *path* on *wanted*: a key of PROVIDERS, or "auto" for the first that works; on the CPU where none does.

    Args:
        path: the ONNX file.
        wanted: what to run on.
        runtime: the module to use in place of onnxruntime, for tests.

    Raises:
        InvalidInputError: *wanted* is unknown.
        MissingModelError: onnxruntime is missing, or the model cannot be loaded on the CPU either.
    """
    if wanted not in {"auto", *PROVIDERS}:
        raise InvalidInputError(f'There is no provider "{wanted}"; use auto or one of {", ".join(PROVIDERS)}.')
    runtime = runtime or _import_runtime()
    available = list(runtime.get_available_providers())
    names = _BEST_FIRST if wanted == "auto" else (wanted,)
    reasons = []
    for provider in (PROVIDERS[name] for name in names if name != "cpu"):
        if provider not in available:
            if wanted != "auto":
                reasons.append(f"this onnxruntime has no {provider} (it has {', '.join(available)})")
            continue
        session, why_not = _try_provider(path, provider, runtime)
        if not why_not:
            return OpenedModel(session, provider, "")
        reasons.append(f"{provider} does not work here ({why_not})")
    reason = f"It runs on the CPU: {'; '.join(reasons)}." if reasons else ""
    return OpenedModel(_open_on_cpu(path, runtime), CPU_PROVIDER, reason)


def first_line(error: Exception) -> str:
    """Return the first line of an error's message, or its kind."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _import_runtime() -> Any:
    try:
        import onnxruntime
    except (ImportError, OSError) as error:
        raise MissingModelError(
            f"The tagger needs the package onnxruntime ({first_line(error)}); "
            "`counterprompt doctor` says which to install."
        ) from error
    if not hasattr(onnxruntime, "InferenceSession"):  # what is left where one package was removed from over another
        raise MissingModelError(
            "The package onnxruntime is installed in pieces; `counterprompt doctor` says what to remove and to install."
        )
    return onnxruntime


def _try_provider(path: Path, provider: str, runtime: Any) -> tuple[Any, str]:
    """Return a session that runs on *provider*, or None and why there is none."""
    try:
        if provider == CUDA_PROVIDER and hasattr(runtime, "preload_dlls"):
            runtime.preload_dlls()  # finds the CUDA and cuDNN of torch or of nvidia's packages
        chosen = [(provider, dict(_OPTIONS.get(provider, {}))), CPU_PROVIDER]
        session = runtime.InferenceSession(str(path), _session_options(runtime, provider), providers=chosen)
        if session.get_providers()[0] != provider:
            return None, "onnxruntime opened the model on the CPU instead; `counterprompt doctor` compares the versions"
        session.disable_fallback()
        outputs = session.run(None, trial_input(session))
    except Exception as error:  # onnxruntime's classes share no public base
        return None, first_line(error)
    if not all(np.isfinite(np.asarray(output)).all() for output in outputs):
        return None, "it gives numbers that are none"
    return session, ""


def _open_on_cpu(path: Path, runtime: Any) -> Any:
    try:
        options = _session_options(runtime, CPU_PROVIDER)
        return runtime.InferenceSession(str(path), options, providers=[CPU_PROVIDER])
    except Exception as error:  # onnxruntime's classes share no public base
        raise MissingModelError(
            f"The tagger model {path} cannot be loaded ({first_line(error)}); download it again."
        ) from error


def _session_options(runtime: Any, provider: str) -> Any:
    options = runtime.SessionOptions()
    options.log_severity_level = 3  # its warnings about providers are no news to the user
    if provider == PROVIDERS["directml"]:
        options.enable_mem_pattern = False  # DirectML's page asks for it
    return options


def trial_input(session: Any) -> dict[str, Any]:
    """Return zeros for every input of *session*; where it leaves sizes free, one picture of 448x448."""
    return {
        source.name: np.zeros(_trial_shape(source.shape), _TYPES.get(source.type, np.float32))
        for source in session.get_inputs()
    }


def _trial_shape(shape: Sequence[Any]) -> list[int]:
    usual = (1, _USUAL_SIZE, _USUAL_SIZE, 3)
    return [size if isinstance(size, int) else free for size, free in zip(shape, (*usual, *[1] * len(shape)))]
