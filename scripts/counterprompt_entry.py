"""The door into the host: puts the package on the path and hands the host our Script classes; nothing else."""

import sys
from pathlib import Path

_SOURCE = str(Path(__file__).resolve().parents[1] / "extension")
if _SOURCE not in sys.path:
    sys.path.insert(0, _SOURCE)

import counterprompt.webui  # noqa: E402, F401  (the host takes our folder off the path again)
