"""What a prompt was made from: the templates of Dynamic Prompts, and the names of styles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterprompt.infotext.params import GenerationParams

_PROMPT_MARKER, _NEGATIVE_MARKER = "Template:", "Negative Template:"
_QUOTED = re.compile(r"'([^']{0,300})'|\"([^\"]{0,300})\"")


@dataclass(frozen=True)
class PromptTemplates:
    """The texts from which Dynamic Prompts drew the prompts."""

    prompt: str | None
    """Template of the positive prompt; None where the infotext has none."""
    negative_prompt: str | None
    """Template of the negative prompt; None where the infotext has none."""


def read_templates(gen_params: GenerationParams) -> PromptTemplates:
    """Read the "Template:" and "Negative Template:" lines behind the parameter line, or the fields of these names.

    Dynamic Prompts appends them to the infotext (adieyal/sd-dynamic-prompts, sd_dynamic_prompts/pnginfo_saver.py).
    """
    templates: dict[str, str] = {}
    marker = ""
    for line in (gen_params.layout.tail if gen_params.layout else "").split("\n"):
        found = next((one for one in (_PROMPT_MARKER, _NEGATIVE_MARKER) if line.startswith(one)), "")
        if found:
            marker = found
            templates[marker] = line.removeprefix(marker).strip()
        elif marker:
            templates[marker] += f"\n{line.rstrip()}"
    texts = {one: text.strip() for one, text in templates.items()}
    return PromptTemplates(
        texts.get(_PROMPT_MARKER, gen_params.text("Template")),
        texts.get(_NEGATIVE_MARKER, gen_params.text("Negative Template")),
    )


def read_styles(gen_params: GenerationParams) -> tuple[str, ...]:
    """Read the names of the styles, in order: "Styles: a, b", or a Python list as Fooocus writes it."""
    text = (gen_params.text("Styles") or "").strip()
    if text.startswith("["):
        return tuple(single or double for single, double in _QUOTED.findall(text) if single or double)
    return tuple(name.strip() for name in text.split(",") if name.strip())
