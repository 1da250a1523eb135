"""What the text encoders were told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from counterprompt.imagefile.programs.comfyui.graph import Graph, read_graph
from counterprompt.imagefile.programs.comfyui.prompts import NEGATIVE, POSITIVE, PromptWalk

Maker = Callable[..., Graph]
A, B = ("CLIPTextEncode", {"text": "a"}), ("CLIPTextEncode", {"text": "b"})
STRINGS = {"s1": ("PrimitiveString", {"value": "one"}), "s2": ("Text Multiline", {"text": "two"})}


@pytest.mark.parametrize(
    ("changes", "prompt"),
    [
        ({}, "a cat"),
        ({"good": ("CLIPTextEncodeSDXL", {"text_g": "a", "text_l": "a", "width": 1024})}, "a"),
        ({"good": ("CLIPTextEncodeSDXL", {"text_g": "a", "text_l": "b"})}, "a, b"),
        ({"good": ("CLIPTextEncodeFlux", {"clip_l": "b", "t5xxl": "a", "guidance": 3.5})}, "b, a"),
        ({"good": ("CLIPTextEncodeSD3", {"clip_l": "a", "clip_g": "a", "t5xxl": "", "empty_padding": "none"})}, "a"),
        ({"good": ("smZ CLIPTextEncode", {"text": "a", "parser": "A1111", "with_SDXL": False, "text_g": "x"})}, "a"),
        ({"good": ("Power Prompt (rgthree)", {"prompt": "a <lora:b:1>"})}, "a <lora:b:1>"),
        ({"good": ("ConditioningConcat", {"conditioning_to": ["a", 0], "conditioning_from": ["b", 0]})}, "a BREAK b"),
        ({"good": ("ConditioningCombine", {"conditioning_1": ["a", 0], "conditioning_2": ["b", 0]})}, "a AND b"),
        ({"good": ("ConditioningSetArea", {"conditioning": ["a", 0], "width": 64, "strength": 1.0})}, "a"),
        ({"good": ("FluxGuidance", {"conditioning": ["a", 0], "guidance": 3.5})}, "a"),
        ({"good": ("ConditioningZeroOut", {"conditioning": ["a", 0]})}, ""),
        ({"good": ("ControlNetApplyAdvanced", {"positive": ["a", 0], "negative": ["b", 0], "image": ["x", 0]})}, "a"),
        ({"good": ("CLIPTextEncode", {"text": ["s1", 0]}), **STRINGS}, "one"),
        (
            {
                "good": ("CLIPTextEncode", {"text": ["join", 0]}),
                "join": ("StringConcatenate", {"string_a": ["s1", 0], "string_b": ["s2", 0], "delimiter": "; "}),
                **STRINGS,
            },
            "one; two",
        ),
        (
            {
                "good": ("CLIPTextEncode", {"text": ["join", 0]}),
                "join": ("CR Text Concatenate", {"text1": "x", "text2": "x", "separator": "\\n"}),
            },
            "x\nx",
        ),
        (
            {
                "good": ("CLIPTextEncode", {"text": ["wild", 0]}),
                "wild": ("ImpactWildcardProcessor", {"wildcard_text": "__hat__", "populated_text": "top hat"}),
            },
            "top hat",
        ),
        (
            {
                "good": ("CLIPTextEncode", {"text": ["show", 0]}),
                "show": ("ShowText|pysssss", {"text": ["gone", 0], "text_0": "made by a language model"}),
            },
            "made by a language model",
        ),
        (
            {
                "good": ("CLIPTextEncode", {"text": ["style", 0]}),
                "style": ("SDXLPromptStyler", {"text_positive": "p", "text_negative": "n", "style": "base"}),
            },
            "p",
        ),
        (
            {
                "good": ("ImpactSwitch", {"select": 2, "input1": ["a", 0], "input2": ["b", 0]}),
            },
            "b",
        ),
        ({"good": ("Reroute", {"any": ["a", 0]})}, "a"),
    ],
)
def test_prompts_are_followed_to_where_they_were_typed(graph: Maker, changes: dict[str, Any], prompt: str) -> None:
    """Encoders of all families, conditioning nodes, strings and their sums, wildcards, styles and switches."""
    made = graph({"a": A, "b": B, **changes})

    assert prompt == PromptWalk(made).read(made.nodes["sampler"], POSITIVE)


@pytest.mark.parametrize(
    ("kind", "inputs", "prompts"),
    [
        ("KSampler (Efficient)", {"positive": ["loader", 1], "negative": ["loader", 2]}, ("p", "n")),
        ("SamplerCustomAdvanced", {"guider": ["guider", 0]}, ("a", "b")),
        ("SamplerCustomAdvanced", {"guider": ["basic", 0]}, ("a", "")),
        ("SamplerCustomAdvanced", {"guider": ["dual", 0]}, ("a", "b")),
        ("FaceDetailer", {"pipe": ["pipe", 0]}, ("a", "b")),
    ],
)
def test_both_sides_are_read(graph: Maker, kind: str, inputs: dict[str, Any], prompts: tuple[str, str]) -> None:
    """Loaders with prompts of their own, guiders and pipes."""
    made = graph(
        {
            "a": A,
            "b": B,
            "loader": ("Efficient Loader", {"ckpt_name": "x", "positive": "p", "negative": "n"}),
            "guider": ("CFGGuider", {"positive": ["a", 0], "negative": ["b", 0], "cfg": 5}),
            "basic": ("BasicGuider", {"conditioning": ["a", 0]}),
            "dual": ("DualCFGGuider", {"cond1": ["a", 0], "cond2": ["b", 0], "negative": ["b", 0]}),
            "pipe": ("ToBasicPipe", {"model": ["model", 0], "positive": ["a", 0], "negative": ["b", 0]}),
            "sampler": (kind, inputs),
        }
    )
    walk = PromptWalk(made)

    assert prompts == tuple(walk.read(made.nodes["sampler"], side) for side in (POSITIVE, NEGATIVE))


def test_a_prompt_that_is_not_in_the_file_names_its_node(graph: Maker) -> None:
    """What a language model wrote at run time cannot be read, and the walk says where it came from."""
    made = graph({"good": ("CLIPTextEncode", {"text": ["llm", 0]}), "llm": ("OllamaGenerate", {"model": "x"})})
    walk = PromptWalk(made)

    assert "" == walk.read(made.nodes["sampler"], POSITIVE)
    assert ["OllamaGenerate"] == walk.silent_kinds


def test_rings_and_doubling_sums_end(in_time: Callable[[float], AbstractContextManager[None]]) -> None:
    """A ring of strings is empty; forty sums of themselves neither take forever nor fill the memory."""
    sums = {
        str(number): {
            "class_type": "StringConcatenate",
            "inputs": {"string_a": [str(number - 1), 0], "string_b": [str(number - 1), 0], "delimiter": ""},
        }
        for number in range(1, 41)
    }
    graph = read_graph({"0": {"class_type": "Text", "inputs": {"text": "ab" * 100}}, **sums})
    ring = read_graph({"0": {"class_type": "Text", "inputs": {"text": ["0", 0]}}})
    assert graph is not None
    assert ring is not None

    with in_time(1):
        text = PromptWalk(graph).read(graph.nodes["40"], POSITIVE)
    assert len(text) <= 100_000
    assert "" == PromptWalk(ring).read(ring.nodes["0"], POSITIVE)


def test_a_chain_of_thousands_ends() -> None:
    """A chain longer than any real one is cut instead of overflowing the stack."""
    chain = {str(n): {"class_type": "Relay", "inputs": {"text": [str(n + 1), 0]}} for n in range(5000)}
    graph = read_graph(chain)
    assert graph is not None

    assert "" == PromptWalk(graph).read(graph.nodes["0"], POSITIVE)
