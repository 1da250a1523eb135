"""Report content to JSON text and back."""

from __future__ import annotations

import json
import types
import typing
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from counterprompt.errors import InvalidInputError
from counterprompt.report.content import ReportContent
from counterprompt.report.verdict import verdict_sentence


def render_json(content: ReportContent) -> str:
    """Render *content* as JSON, with its verdict sentence added for readers."""
    return json.dumps({"sentence": verdict_sentence(content), **asdict(content)}, ensure_ascii=False, indent=2) + "\n"


def parse_json(text: str) -> ReportContent:
    """Parse what `render_json` wrote.

    Raises:
        InvalidInputError: it is not a report, or a newer one with other fields.
    """
    try:
        parsed = json.loads(text)
        if isinstance(parsed, dict):
            parsed.pop("sentence", None)
        content = decode(ReportContent, parsed)
    except (ValueError, TypeError, KeyError) as error:
        raise InvalidInputError(
            f"The report data is damaged ({error}); run `counterprompt resume` to make it again."
        ) from error
    assert isinstance(content, ReportContent)
    return content


def decode(hint: Any, raw: Any) -> Any:
    """Build a value of type *hint* from what `json.loads` gave; a misfit raises TypeError, ValueError or KeyError."""
    if is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(raw, dict):
            raise TypeError(f"expected an object but got {raw!r}")
        hints = typing.get_type_hints(hint)
        unknown = set(raw) - {field.name for field in fields(hint)}
        if unknown:
            raise KeyError(f"unknown field {sorted(unknown)[0]}")
        return hint(**{name: decode(hints[name], value) for name, value in raw.items()})
    arguments = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return _decode_tuple(arguments, raw)
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return None if raw is None else decode(arguments[0], raw)
    return _decode_plain(hint, raw)


def _decode_tuple(arguments: tuple[Any, ...], raw: Any) -> tuple[Any, ...]:
    if not isinstance(raw, list):
        raise TypeError(f"expected a list but got {raw!r}")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(decode(arguments[0], item) for item in raw)
    if len(arguments) != len(raw):
        raise ValueError(f"expected {len(arguments)} items but got {len(raw)}")
    return tuple(decode(hint, item) for hint, item in zip(arguments, raw))


def _decode_plain(hint: type, raw: Any) -> Any:
    if hint is float and isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    if not isinstance(raw, hint):
        raise TypeError(f"expected {hint.__name__} but got {raw!r}")
    return raw
