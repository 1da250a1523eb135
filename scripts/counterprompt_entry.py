"""The door into the host: puts the package on the path, hands over our Script classes and callbacks; nothing else."""

import sys
from pathlib import Path

_SOURCE = str(Path(__file__).resolve().parents[1] / "extension")
if _SOURCE not in sys.path:
    sys.path.insert(0, _SOURCE)  # the host takes it off again: what is imported now stays known

from modules import scripts  # noqa: E402

from counterprompt.webui.callbacks import register_callbacks  # noqa: E402
from counterprompt.webui.dynamic_script import DynamicNegativeScript  # noqa: E402
from counterprompt.webui.tune_script import TuneScript  # noqa: E402


class CounterpromptDynamicNegative(DynamicNegativeScript, scripts.Script):
    """The accordion in txt2img and img2img."""


class CounterpromptTune(TuneScript, scripts.Script):
    """The search, in txt2img's list of scripts."""


register_callbacks()
