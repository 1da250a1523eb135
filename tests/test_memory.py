"""Telling a lack of memory from other errors."""

import pytest

from counterprompt.errors import GeneratorError
from counterprompt.memory import is_out_of_memory


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (RuntimeError("HIP out of memory. Tried to allocate 20 MiB"), True),
        (RuntimeError("[ONNXRuntimeError] Failed to allocate memory for requested buffer"), True),
        (GeneratorError("It failed (500): OutOfMemoryError: CUDA out of memory."), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (GeneratorError("Nothing listens at http://x; start the WebUI there."), False),
        (KeyError("out of memory"), False),
    ],
)
def test_lack_of_memory_is_recognised(error: Exception, expected: bool):
    """What says that memory ran out is taken for that, anything else is not."""
    assert expected is is_out_of_memory(error)


def test_torchs_own_error_is_recognised():
    """What torch itself raises, whatever its text."""
    torch = pytest.importorskip("torch")

    assert is_out_of_memory(torch.cuda.OutOfMemoryError("no text that says so"))
    with pytest.raises(RuntimeError) as caught:
        torch.empty(10**16)
    assert is_out_of_memory(caught.value)
