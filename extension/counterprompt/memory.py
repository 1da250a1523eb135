"""Recognises errors that say a device has run out of memory."""

from __future__ import annotations

from counterprompt.errors import CounterpromptError

_SIGNS = (
    "out of memory",
    "outofmemory",
    "failed to allocate memory",
    "cudnn_status_alloc_failed",
    "defaultcpuallocator",
)
"""As CUDA, ROCm, Metal, onnxruntime, the WebUI's own error message and torch on a processor spell it."""


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether *error* means that fewer pictures at once might do.

    That is Python's MemoryError, torch's OutOfMemoryError (a RuntimeError, known by its name, for this package works
    without torch), or any RuntimeError or error of ours whose text says so, such as a WebUI's answer.
    """
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error).lower()
    return isinstance(error, (RuntimeError, CounterpromptError)) and any(sign in text for sign in _SIGNS)
