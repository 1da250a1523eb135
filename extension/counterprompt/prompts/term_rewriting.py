"""Rewriting the terms of a prompt where they stand: brackets, spaces and every other byte stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from counterprompt.prompts.bracket_tree import parse_brackets
from counterprompt.prompts.extra_networks import find_extra_networks, strip_extra_networks
from counterprompt.prompts.limits import refuse_oversized
from counterprompt.prompts.nodes import Alternated, Break, Edited, Node, Text, Weighted, render_nodes

_SEPARATOR = re.compile(r"([,，\n]|\bAND\b|\bBREAK\b)")
_COMMAS: Final = (",", "，")
_TAG_WORD = re.compile(r"(?<![^\s,])([^\s,_]*_[^\s,]*)([ \t]*)")
_DEEPEST: Final = 60
"""Brackets inside more brackets than this stay as they are."""

Rewrite = Callable[[str], "str | None"]
"""From a term, without spaces around it, to what stands in its place: itself, another text, or None to drop it."""


@dataclass(frozen=True)
class TermRewriter:
    """What is done to a prompt."""

    rewrite: Rewrite
    """Asked for each term, and for each word with an underscore in a longer term."""
    rewrite_network: Rewrite
    """Asked for each `<kind:name:…>` tag."""
    unwrap: Callable[[Weighted], bool] = lambda group: False
    """Asked for each emphasised group: whether its brackets go and its content stays."""

    def apply(self, prompt: str) -> str:
        """Return *prompt* rewritten; one in which nothing changes comes back byte for byte.

        Raises:
            InvalidInputError: *prompt* is longer than 100,000 characters.
        """
        refuse_oversized(prompt)
        nodes = parse_brackets(prompt).nodes
        rewritten = render_nodes(self._rewrite_nodes(nodes, 0))
        return prompt if rewritten == prompt else rewritten.strip(" ,\n")

    def _rewrite_nodes(self, nodes: tuple[Node, ...], depth: int) -> tuple[Node, ...]:
        if depth > _DEEPEST:
            return nodes
        kept: list[Node] = []
        is_first_gone = False
        for item, separator in _items(nodes):
            rewritten = self._rewrite_item(item, depth)
            if _is_blank(rewritten) and not _is_blank(item):
                is_first_gone = is_first_gone or not kept
                _end_before(kept, separator)
                continue
            kept += (*(_without_indent(rewritten) if is_first_gone and not kept else rewritten), Text(separator))
        if kept and isinstance(kept[-1], Text) and kept[-1].text in _COMMAS:
            kept[-1] = Text("")
        return tuple(kept)

    def _rewrite_item(self, item: list[Node], depth: int) -> list[Node]:
        if len(item) == 1 and isinstance(item[0], Text):
            return [Text(self._rewrite_text(item[0].text))]
        rewritten: list[Node] = []
        for node in item:
            rewritten += self._rewrite_part(node, depth)
        return rewritten

    def _rewrite_part(self, node: Node, depth: int) -> tuple[Node, ...]:
        if isinstance(node, Text):
            return (Text(self._rewrite_words(self._without_networks(node.text))),)
        if isinstance(node, Weighted):
            content = self._rewrite_nodes(node.content, depth + 1)
            if _is_blank(content) and not _is_blank(node.content):
                return ()
            return content if self.unwrap(node) else (replace(node, content=content),)
        if isinstance(node, Edited):
            before = None if node.before is None else self._rewrite_nodes(node.before, depth + 1)
            after = self._rewrite_nodes(node.after, depth + 1)
            gone = _is_blank((*(before or ()), *after)) and not _is_blank((*(node.before or ()), *node.after))
            return () if gone else (replace(node, before=before, after=after),)
        if isinstance(node, Alternated):
            options = tuple(self._rewrite_nodes(option, depth + 1) for option in node.options)
            return () if all(map(_is_blank, options)) else (replace(node, options=options),)
        return (node,)

    def _rewrite_text(self, text: str) -> str:
        """Rewrite what stands between two commas: as a whole, and where that stays, its words with underscores."""
        remaining = self._without_networks(text)
        core = strip_extra_networks(remaining).strip()
        rewritten = self.rewrite(core) if core else core
        if rewritten == core:
            return self._rewrite_words(remaining) if " " in core else remaining
        if remaining.strip() != core:
            return f" {' '.join(filter(None, (rewritten, *(tag.text for tag in find_extra_networks(remaining)))))}"
        return "" if rewritten is None else remaining.replace(core, rewritten)

    def _rewrite_words(self, text: str) -> str:
        if "_" not in text:
            return text
        tags = {tag.text for tag in find_extra_networks(text)}

        def rewrite_word(match: re.Match[str]) -> str:
            word, gap = match.groups()
            rewritten = word if any(word in tag for tag in tags) else self.rewrite(word)
            return rewritten + gap if rewritten else ""

        return _TAG_WORD.sub(rewrite_word, text)

    def _without_networks(self, text: str) -> str:
        for tag in find_extra_networks(text):
            rewritten = self.rewrite_network(tag.text)
            if rewritten != tag.text:
                text = text.replace(tag.text, rewritten or "")
        return text


def _items(nodes: tuple[Node, ...]) -> list[tuple[list[Node], str]]:
    """Cut *nodes* at the commas of their texts: what stands between two, and the comma after it ("" after the last)."""
    items: list[tuple[list[Node], str]] = []
    item: list[Node] = []
    for node in nodes:
        if not isinstance(node, Text | Break):
            item.append(node)
            continue
        pieces = _SEPARATOR.split(node.text)
        for text, separator in zip(pieces[::2], [*pieces[1::2], ""]):
            item += [Text(text)] if text else []
            if separator:
                items.append((item, separator))
                item = []
    return [*items, (item, "")]


def _without_indent(nodes: list[Node]) -> list[Node]:
    return [
        Text(node.text.lstrip()) if index == 0 and isinstance(node, Text) else node for index, node in enumerate(nodes)
    ]


def _end_before(kept: list[Node], separator: str) -> None:
    """Put *separator* after what is *kept*: the term before it is dropped, but AND, BREAK and line ends stay."""
    if separator in ("", *_COMMAS):
        return
    if separator != "\n" and kept and isinstance(kept[-1], Text) and kept[-1].text in _COMMAS:
        kept[-1] = Text(" ")
    kept.append(Text(separator))


def _is_blank(nodes: tuple[Node, ...] | list[Node]) -> bool:
    return all(isinstance(node, Text) and not node.text.strip() for node in nodes)
