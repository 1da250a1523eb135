"""What the text encoders of a graph were told, one side at a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.comfyui.values import unwrap

if TYPE_CHECKING:
    from counterprompt.imagefile.programs.comfyui.graph import Graph, Node

POSITIVE, NEGATIVE = "positive", "negative"
_OTHER_SIDE = {POSITIVE: NEGATIVE, NEGATIVE: POSITIVE}
_DEEPEST = 80
_LONGEST = 100_000
_TEXT_NAME = re.compile(
    r"(?:\w{0,16}_)?(?:text|string|prompt|clip_l|clip_g|t5xxl|value|positive|negative)s?(?:_?[a-l0-9]{1,2}|_prompt|_text)?",
    re.IGNORECASE,
)
_FINISHED_TEXTS = ("populated_text", "result", "output_text")
"""Inputs in which a node keeps the text that it made of a template."""
_DELIMITERS = ("delimiter", "separator")
_JOINERS = {"Concat": " BREAK ", "Combine": " AND "}
"""Part of a conditioning node's class to the WebUI's word for the same operation."""
_DEAD_ENDS = (
    *("model", "clip", "vae", "latent", "sample", "image", "pixels", "mask", "control_net", "noise", "sigmas"),
    *("style_model", "width", "height", "seed"),
)
"""Beginnings of the names of inputs that no prompt comes in by."""


class PromptWalk:
    """Reads the prompts of one graph; remembers what it saw, so that cycles end and shared nodes are read once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._texts: dict[tuple[str, str], str] = {}
        self.silent_kinds: list[str] = []
        """Classes of nodes that a prompt came from, but whose text is not in the file."""

    def read(self, node: Node, side: str) -> str:
        """The text that reaches *node* on *side*, "positive" or "negative"; "" where there is none."""
        return self._read_node(node, side, 0)

    def _read_node(self, node: Node, side: str, depth: int) -> str:
        key = (node.id, side)
        if key not in self._texts:
            self._texts[key] = ""  # what a cycle finds
            if depth < _DEEPEST:
                self._texts[key] = self._make_text(node, side, depth + 1)[:_LONGEST]
        return self._texts[key]

    def _make_text(self, node: Node, side: str, depth: int) -> str:
        if "ZeroOut" in node.kind or (side == NEGATIVE and node.kind == "BasicGuider"):
            return ""
        if side == POSITIVE and node.has("cond1"):  # a guider with two prompts follows the first one's words
            return self._read_input(node, "cond1", side, depth)
        if node.has(side):
            return self._read_input(node, side, side, depth)
        conditionings = [name for name, _ in self._graph.sources(node) if name.lower().startswith("cond")]
        if conditionings:
            texts = [self._read_input(node, name, side, depth) for name in conditionings]
            return _join_conditionings(node.kind, texts)
        return self._read_texts(node, side, depth) or self._read_feeds(node, side, depth)

    def _read_input(self, node: Node, name: str, side: str, depth: int) -> str:
        source = self._graph.source(node, name)
        if source is not None:
            return self._read_node(source, side, depth)
        value = unwrap(node.inputs.get(name))
        return value if isinstance(value, str) else ""

    def _read_texts(self, node: Node, side: str, depth: int) -> str:
        for name in _FINISHED_TEXTS:
            if text := self._read_input(node, name, side, depth):
                return text
        texts = [self._read_input(node, name, side, depth) for name in _text_names(node, side)]
        if node.kind.lower().startswith("showtext"):
            texts = texts[:1] if texts and texts[0] else texts[1:2]  # the last one is what the node showed
        is_sum = any(node.has(name) for name in _DELIMITERS) or "oncat" in node.kind
        filled = [text for text in texts if text.strip()]
        return _delimiter(node).join(filled if is_sum else dict.fromkeys(filled))

    def _read_feeds(self, node: Node, side: str, depth: int) -> str:
        """What comes in by any other link, the chosen one where the node is a switch."""
        feeds = [name for name, _ in self._graph.sources(node) if not name.lower().startswith(_DEAD_ENDS)]
        chosen = [name for name in feeds if name.endswith(_selection(node))] if _selection(node) else []
        for name in chosen or feeds:
            if text := self._read_input(node, name, side, depth):
                return text
        if not feeds and not any(isinstance(node.inputs.get(name), str) for name in _text_names(node, side)):
            self.silent_kinds.append(node.kind)
        return ""


def _join_conditionings(kind: str, texts: list[str]) -> str:
    filled = [text.strip() for text in dict.fromkeys(texts) if text.strip()]
    joiner = next((word for part, word in _JOINERS.items() if part in kind), None)
    return (joiner or " AND ").join(filled)


def _text_names(node: Node, side: str) -> list[str]:
    """Inputs that hold prompts: those that name *side* where there are such, and never those of the other side."""
    names = [name for name in node.inputs if _TEXT_NAME.fullmatch(name)]
    if node.inputs.get("with_SDXL") is False:
        names = [name for name in names if name == "text"]
    own = [name for name in names if side in name.lower()]
    return own or [name for name in names if _OTHER_SIDE[side] not in name.lower()]


def _delimiter(node: Node) -> str:
    for name in _DELIMITERS:
        value = node.inputs.get(name)
        if isinstance(value, str):
            return value.replace("\\n", "\n")
    return ", "


def _selection(node: Node) -> str:
    """The number of the input that a switch lets through, as text; "" where the node is none."""
    for name in ("select", "index", "selected"):
        value = node.inputs.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""
