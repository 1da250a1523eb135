"""Infotexts: written under pictures, pasted into the page."""

import json
import re

paste_fields = {}
_PARAMETER = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')


def quote(value):
    """Quote a value that would be cut at its commas, colons or line ends."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if re.search(r"[,:\n]", text) else text


def parse_generation_parameters(text):
    """Read an infotext into a dictionary of texts."""
    *lines, last = text.strip().split("\n")
    if len(_PARAMETER.findall(last)) < 3:
        lines, last = [*lines, last], ""
    at = next((n for n, line in enumerate(lines) if line.startswith("Negative prompt:")), len(lines))
    params = {
        "Prompt": "\n".join(lines[:at]),
        "Negative prompt": "\n".join(lines[at:]).removeprefix("Negative prompt:").strip(),
    }
    for name, value in _PARAMETER.findall(last):
        params[name] = json.loads(value) if value.startswith('"') else value
    return params
