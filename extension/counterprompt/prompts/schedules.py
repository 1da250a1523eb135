"""Prompt editing: which text a prompt is at which sampling step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from counterprompt.errors import InvalidInputError
from counterprompt.prompts.bracket_tree import NUMBER, BracketTree, parse_brackets
from counterprompt.prompts.limits import refuse_oversized
from counterprompt.prompts.nodes import Alternated, Edited, Node, Parts, parts_of, render_nodes, walk_nodes

_MOST_CHARACTERS: Final = 20_000_000
_LONGEST_STEPS: Final = 50
"""With so many steps, `when` given as a step number still separates what it should in any usual run."""


@dataclass(frozen=True)
class StepClock:
    """Turns *when* into a step of one pass. Rules: A1111 modules/prompt_parser.py."""

    steps: int
    """Sampling steps of the pass, at least 1."""
    first_pass_steps: int | None = None
    """For the second pass of hires fix the steps of the first one; None in the first pass and without hires fix."""
    is_old: bool = False
    """The WebUI's option "use old scheduling": below 1 a fraction, else a step, and both passes alike."""

    def last_step(self, when: str) -> int:
        """Return the last step that shows what stands before *when*, at most *steps*; below 1: it never shows.

        A number with a dot is a fraction of the pass, one without a dot a step. The second pass counts on from the
        first: 1.0 to 2.0, or the steps after those of the first pass.
        """
        match = NUMBER.fullmatch(when)
        assert match
        number = float(match[1])
        if self.is_old:
            step = number * self.steps if number < 1 else number
        elif "." in match[1]:
            step = (number - (0 if self.first_pass_steps is None else 1)) * self.steps
        else:
            step = number - (self.first_pass_steps or 0)
        return int(max(0.0, min(step, float(self.steps))))


def resolve_schedules(
    prompt: str, steps: int, *, first_pass_steps: int | None = None, use_old_scheduling: bool = False
) -> tuple[tuple[int, str], ...]:
    """Resolve `[from:to:when]`, `[x:when]`, `[x::when]` and `[a|b]` in *prompt* for a run of *steps* sampling steps.

    Emphasis brackets stay as they are.

    Args:
        prompt: one prompt, extra networks stripped and AND split off before.
        steps: sampling steps of this pass, at least 1.
        first_pass_steps: for the second pass of hires fix, the steps of the first one.
        use_old_scheduling: the WebUI's option of that name. With it the WebUI counts both passes in steps of the
            first one; give those as *steps* then.

    Returns:
        (last step, text) pairs in order, neighbours differ, the last pair ends at *steps*; as A1111 does it.

    Raises:
        InvalidInputError: *steps* is below 1; *prompt* is longer than 100,000 characters or grows into too much text.
    """
    refuse_oversized(prompt)
    return resolve_tree(parse_brackets(prompt), StepClock(steps, first_pass_steps, use_old_scheduling), len(prompt))


def resolve_tree(tree: BracketTree, clock: StepClock, size: int) -> tuple[tuple[int, str], ...]:
    """Resolve a parsed prompt of *size* characters; the rest is as in `resolve_schedules`."""
    if clock.steps < 1:
        raise InvalidInputError(f"A run needs at least 1 sampling step, but {clock.steps} were asked for; raise them.")
    ends = _ends(tree, clock)
    if len(ends) * size > _MOST_CHARACTERS:
        raise InvalidInputError(
            f"The prompt changes {len(ends)} times over {size} characters, too much to resolve; shorten it."
        )
    return _without_repeats([(end, _text_at(tree.nodes, end, clock)) for end in ends])


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


def _ends(tree: BracketTree, clock: StepClock) -> list[int]:
    """The steps after which the text may change, the last one included."""
    ends = {clock.steps}
    for node in walk_nodes(tree.nodes):
        if isinstance(node, Alternated):
            return list(range(1, clock.steps + 1))
        if isinstance(node, Edited):
            ends.add(clock.last_step(node.when))
    return sorted(end for end in ends if end >= 1)


def _text_at(nodes: tuple[Node, ...], step: int, clock: StepClock) -> str:
    def parts_at(node: Node) -> Parts:
        if isinstance(node, Alternated):
            return (node.options[(step - 1) % len(node.options)],)
        if isinstance(node, Edited):
            return ((node.before or ()) if step <= clock.last_step(node.when) else node.after,)
        return parts_of(node)

    return render_nodes(nodes, parts_at)


def _without_repeats(stages: list[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    kept: list[tuple[int, str]] = []
    for end, text in stages:
        if kept and kept[-1][1] == text:
            kept.pop()
        kept.append((end, text))
    return tuple(kept)
