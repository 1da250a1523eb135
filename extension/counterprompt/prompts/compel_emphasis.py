"""The emphasis of compel, InvokeAI's prompt language, translated into the WebUI's (damian0815/compel, doc/syntax.md).

`word+` counts 1.1 times, `word-` 0.9 times, more signs multiply; `(some words)1.3`, `(some words)++` and `"words"++`
do the same for several words, and nest. Round brackets without either only hold words together; those that are not
paired are text. A backslash makes a sign literal.
"""

from __future__ import annotations

import re
from typing import Final

from counterprompt.prompts.limits import MAX_PROMPT_CHARACTERS
from counterprompt.prompts.weighted_text import render_weighted

_PLUS: Final = 1.1
_MINUS: Final = 0.9
_MOST_SIGNS: Final = 60
_MOST_WEIGHT: Final = 1e6
_OPERATION = re.compile(r"\.(?:attend|swap|blend|and|add)\(|\b(?:with|use)Lora\(")
_QUOTED = re.compile(r'"([^"\\]{1,2000})"(?=[-+\d])')
_WEIGHT = r"\+{1,99}|-{1,99}|\d{1,9}\.\d{0,9}|\.\d{1,9}|\d{1,9}"
_TOKEN = re.compile(
    r"(?P<open>\()"
    rf"|(?P<close>\))(?P<factor>{_WEIGHT})?"
    r"""|(?P<word>(?:\\[()".,+\-=]|[+-](?![\s()".,+\-=]|$)|[^\s()".,+\-=])+)(?P<signs>\++|-+)?"""
    r"|(?P<other>[\s,]+|.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"""\\([()".,+\-=\[\]])""")


def can_translate_compel(prompt: str) -> bool:
    """Whether *prompt* has none of compel's operations on several prompts, which the WebUI has no like of."""
    return _OPERATION.search(prompt) is None


def translate_compel(prompt: str) -> str:
    """Write compel's *prompt* so that the WebUI reads the same weights; one without signs and brackets stays as it is.

    A prompt with an operation such as `.blend(` (`can_translate_compel`), or of more than 100,000 characters, stays as
    it is.
    """
    if len(prompt) > MAX_PROMPT_CHARACTERS or not can_translate_compel(prompt):
        return prompt
    tokens = list(_TOKEN.finditer(_QUOTED.sub(r"(\1)", prompt)))
    factors = _pair_brackets(tokens)
    stretches: list[tuple[str, float]] = []
    around = [1.0]
    for position, token in enumerate(tokens):
        if position in factors:
            around.append(_clamped(around[-1] * factors[position]))
        elif token["close"] and ~position in factors:
            around.pop()
        elif token["word"]:
            stretches.append((_ESCAPE.sub(r"\1", token["word"]), around[-1] * _read_weight(token["signs"])))
        else:
            stretches.append((token[0], around[-1]))
    return render_weighted(stretches)


def _pair_brackets(tokens: list[re.Match[str]]) -> dict[int, float]:
    """Place of each paired opening bracket to the factor of what is inside; ~place of each closing one to 1."""
    factors: dict[int, float] = {}
    unclosed: list[int] = []
    for position, token in enumerate(tokens):
        if token["open"]:
            unclosed.append(position)
        elif token["close"] and unclosed:
            factors[unclosed.pop()] = _read_weight(token["factor"])
            factors[~position] = 1.0
    return factors


def _read_weight(text: str | None) -> float:
    if not text:
        return 1.0
    if text[0] in "+-":
        return (_PLUS if text[0] == "+" else _MINUS) ** min(len(text), _MOST_SIGNS)
    return float(text)


def _clamped(factor: float) -> float:
    return min(factor, _MOST_WEIGHT)
