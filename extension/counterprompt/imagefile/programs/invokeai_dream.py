"""InvokeAI's first generation: the command line that made the picture, in one PNG text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.reading import compose_reading
from counterprompt.imagefile.programs.wording import sampler_label

if TYPE_CHECKING:
    from counterprompt.imagefile.programs.reading import ProgramReading

_LABELS = {"s": "Steps", "A": "Sampler", "C": "CFG scale", "S": "Seed", "f": "Denoising strength"}
"""Switch to the WebUI's label; W and H are the size."""
_SWITCH = re.compile(r"(?:^|\s)-([a-zA-Z])\s?([^\s-][^\s]{0,63})")
_END_OF_PROMPT = '" -'
_BRACKETS = re.compile(r"\[([^][]*)\]")


def read_dream(command: str) -> ProgramReading | None:
    """Read a command line such as `"a cat [blurry]" -s 50 -S 42 -W 512 -H 512 -C 7.5 -A k_lms`; None where it is none.

    Raises:
        InvalidInputError: it is too long for an infotext.
    """
    start, quote, rest = command.strip().partition('"')
    end = rest.find(_END_OF_PROMPT)
    end = rest.rfind('"') if end < 0 else end
    if start or not quote or end < 0:
        return None
    values = dict(_SWITCH.findall(rest[end + 1 :]))
    fields: dict[str, object] = {label: values.get(switch) for switch, label in _LABELS.items()}
    fields["Sampler"] = sampler_label(values.get("A", ""))
    fields["Size"] = f"{values['W']}x{values['H']}" if values.keys() >= {"W", "H"} else None
    return compose_reading("InvokeAI", *split_negative(rest[:end]), fields)


def split_negative(prompt: str) -> tuple[str, str]:
    """Take the terms in [brackets], InvokeAI's early negative prompt, out of *prompt*: what is left, and the terms."""
    negative = ", ".join(part.strip() for part in _BRACKETS.findall(prompt) if part.strip())
    return (_BRACKETS.sub("", prompt).strip(), negative) if negative else (prompt.strip(), "")
