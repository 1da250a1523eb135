"""Prompt editing: which text a prompt is at which sampling step."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.limits import refuse_oversized
from counterprompt.prompts.schedule_tree import ScheduleParser, UnparsableError, render_at

_MOST_CHARACTERS: Final = 20_000_000
_LONGEST_STEPS: Final = 50
"""With so many steps, `when` given as a step number still separates what it should in any usual run."""


def resolve_schedules(prompt: str, steps: int) -> tuple[tuple[int, str], ...]:
    """Resolve `[from:to:when]`, `[x:when]`, `[x::when]` and `[a|b]` in *prompt* for a run of *steps* sampling steps.

    *when* with a dot is a fraction of the steps, without one a step number. Emphasis brackets stay as they are.

    Returns:
        (last step, text) pairs in order, neighbours differ, the last pair ends at *steps*; as the first pass of A1111
        does it (modules/prompt_parser.py).

    Raises:
        InvalidInputError: *steps* is below 1; *prompt* is longer than 100,000 characters or grows into too much text.
    """
    refuse_oversized(prompt)
    if steps < 1:
        raise InvalidInputError(f"A run needs at least 1 sampling step, but {steps} were asked for; raise the steps.")
    try:
        tree = ScheduleParser(steps).parse(prompt)
    except UnparsableError:
        return ((steps, prompt),)
    if tree.has_alternation:
        ends = range(1, steps + 1)
    else:
        ends = sorted({end for end in tree.boundaries if 1 <= end < steps} | {steps})  # type: ignore[assignment]
    if len(ends) * len(prompt) > _MOST_CHARACTERS:
        raise InvalidInputError(
            f"The prompt changes {len(ends)} times over {len(prompt)} characters, too much to resolve; shorten it."
        )
    return _without_repeats([(end, render_at(tree.nodes, end)) for end in ends])


@lru_cache(maxsize=32)
def distinct_stages(prompt: str, limit: int = 8) -> tuple[str, ...]:
    """List the texts that *prompt* goes through in a run of any usual length, longest-acting first, at most *limit*.

    Raises:
        InvalidInputError: as resolve_schedules.
    """
    acting: dict[str, int] = {}
    begin = 0
    for end, text in resolve_schedules(prompt, _LONGEST_STEPS):
        acting[text] = acting.get(text, 0) + end - begin
        begin = end
    return tuple(sorted(acting, key=lambda text: -acting[text])[:limit])


def _without_repeats(stages: list[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    kept: list[tuple[int, str]] = []
    for end, text in stages:
        if kept and kept[-1][1] == text:
            kept.pop()
        kept.append((end, text))
    return tuple(kept)
