"""What opens and reads a picture."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXTENSION = Path(__file__).parents[2] / "extension"


def test_reading_a_picture_loads_no_framework() -> None:
    """The command line's cheap commands stay cheap: neither numpy nor torch is imported for `read`."""
    code = (
        f"import sys; sys.path.insert(0, {str(EXTENSION)!r})\n"
        "from counterprompt.cli.main import exit_code_of\n"
        "exit_code_of(['read', 'nowhere.png'])\n"
        "print(sorted({'torch', 'optuna', 'diffusers', 'onnxruntime', 'open_clip'} & set(sys.modules)))"
    )

    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)

    assert "[]\n" == finished.stdout
