"""A whole prompt as one value, by the grammar of AUTOMATIC1111: what every bracket, tag and word in it is.

The WebUI reads a positive prompt in this order, and so does this module: it leaves the comments out, takes the extra
networks out, cuts what is left at AND, resolves prompt editing and alternation by step, and then emphasis and BREAK. In
the negative prompt extra networks and AND are text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from counterprompt.prompts.bracket_tree import BracketTree, parse_brackets
from counterprompt.prompts.comments import Comment, find_comments, restore_comments, strip_comments
from counterprompt.prompts.composition import ComposedPart, split_composition
from counterprompt.prompts.embeddings import EmbeddingFinder
from counterprompt.prompts.emphasis import parse_emphasis
from counterprompt.prompts.extra_networks import ExtraNetwork, find_extra_networks, strip_extra_networks
from counterprompt.prompts.nodes import EmbeddingName, Node, render_nodes, walk_nodes
from counterprompt.prompts.schedules import StepClock, resolve_tree

Pieces = tuple[tuple[str, float], ...]
"""Stretches of text with their emphasis, as `parse_emphasis` gives them."""


@dataclass(frozen=True)
class Subprompt:
    """What stands between two ANDs."""

    tree: BracketTree
    """Its brackets and words."""
    tail: str = ""
    """The weight and the spaces after it, as written."""

    @property
    def weight(self) -> float:
        """What its picture is multiplied by; 1 where no weight is written."""
        return ComposedPart("", self.tail).weight

    @property
    def text(self) -> str:
        """As written, the tail aside."""
        return render_nodes(self.tree.nodes)

    def stages(self, clock: StepClock) -> tuple[tuple[int, Pieces], ...]:
        """Return (last step, emphasised pieces) pairs in order, the last ending with the pass.

        Raises:
            InvalidInputError: the pass has no steps, or the prompt grows into too much text.
        """
        stages = resolve_tree(self.tree, clock, len(self.text))
        return tuple((end, parse_emphasis(text)) for end, text in stages)


@dataclass(frozen=True)
class Prompt:
    """A prompt, parsed."""

    subprompts: tuple[Subprompt, ...]
    """At least one."""
    networks: tuple[ExtraNetwork, ...] = ()
    """The extra networks, each with its place in the prompt without its comments."""
    comments: tuple[Comment, ...] = ()
    """The comments, each with its place in the whole prompt."""

    def render(self) -> str:
        """Write the prompt, byte for byte as it was parsed."""
        text = "AND".join(part.text + part.tail for part in self.subprompts)
        written: list[str] = []
        position = taken = 0
        for network in self.networks:
            gap = network.start - position
            written += (text[taken : taken + gap], network.text)
            taken += gap
            position = network.start + len(network.text)
        return restore_comments("".join((*written, text[taken:])), self.comments)

    def nodes(self) -> Iterator[Node]:
        """Give every part of every subprompt in reading order, outer ones before those inside them."""
        for part in self.subprompts:
            yield from walk_nodes(part.tree.nodes)

    @property
    def embeddings(self) -> tuple[str, ...]:
        """Name the embeddings, each once."""
        return tuple(dict.fromkeys(node.name for node in self.nodes() if isinstance(node, EmbeddingName)))


def parse_prompt(prompt: str, *, embeddings: Iterable[str] = (), is_negative: bool = False) -> Prompt:
    """Parse any text; `parse_prompt(text).render()` is *text*.

    Args:
        prompt: a positive or a negative prompt.
        embeddings: names of the textual inversion files that are installed.
        is_negative: whether it is a negative prompt.

    Raises:
        InvalidInputError: *prompt* is longer than 100,000 characters.
    """
    comments = find_comments(prompt)
    prompt = strip_comments(prompt)
    cut = EmbeddingFinder(embeddings).cut
    if is_negative:
        return Prompt((Subprompt(parse_brackets(prompt, cut)),), comments=comments)
    parts = split_composition(strip_extra_networks(prompt))
    subprompts = tuple(Subprompt(parse_brackets(part.text, cut), part.tail) for part in parts)
    return Prompt(subprompts, find_extra_networks(prompt), comments)
