"""Single values."""

from collections.abc import Callable

import pytest

from counterprompt.imagefile.programs.comfyui.graph import Graph
from counterprompt.imagefile.programs.comfyui.values import find_number, find_size, find_value, find_word, unwrap

Maker = Callable[..., Graph]


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("PrimitiveInt", {"value": 7}),
        ("Seed (rgthree)", {"seed": 7}),
        ("CR Seed", {"seed": 7, "control_after_generate": "fixed"}),
        ("Relay", {"anything": ["far", 0]}),
    ],
)
def test_values_are_followed_to_where_they_were_typed(graph: Maker, kind: str, inputs: dict[str, object]) -> None:
    """Primitives, seed nodes and relays give their value."""
    made = graph(
        {
            "source": (kind, inputs),
            "far": ("PrimitiveInt", {"value": 7}),
            "sampler": ("KSampler", {"seed": ["source", 0]}),
        }
    )

    assert 7 == find_value(made, made.nodes["sampler"], "seed")


def test_a_ring_of_links_ends(graph: Maker) -> None:
    """Values that only refer to one another are none."""
    made = graph(
        {
            "a": ("Relay", {"seed": ["b", 0]}),
            "b": ("Relay", {"seed": ["a", 0]}),
            "sampler": ("KSampler", {"seed": ["a", 0]}),
        }
    )

    assert find_value(made, made.nodes["sampler"], "seed") is None


def test_settings_behind_other_nodes_are_found(graph: Maker) -> None:
    """The custom sampler keeps steps, sampler and seed in nodes of their own; a wrong type is none."""
    made = graph(
        {
            "noise": ("RandomNoise", {"noise_seed": 5}),
            "choice": ("KSamplerSelect", {"sampler_name": "euler"}),
            "custom": ("SamplerCustomAdvanced", {"noise": ["noise", 0], "sampler": ["choice", 0]}),
        }
    )

    assert (5, "euler") == (
        find_number(made, made.nodes["custom"], "noise_seed"),
        find_word(made, made.nodes["custom"], "sampler_name"),
    )
    assert find_number(made, made.nodes["custom"], "sampler_name") is None


@pytest.mark.parametrize(
    ("inputs", "size"),
    [
        ({"width": 512, "height": 768}, (512, 768)),
        ({"empty_latent_width": 512, "empty_latent_height": 768}, (512, 768)),
        ({"resolution": "1024x1024 (1.0)"}, (1024, 1024)),
        ({"aspect_ratio": "SDXL - 3:4 portrait 896x1152"}, (896, 1152)),
        ({"width": 0, "height": 768}, None),
        ({"width": 512}, None),
    ],
)
def test_sizes_come_as_numbers_or_words(graph: Maker, inputs: dict[str, object], size: tuple[int, int] | None) -> None:
    """Latent nodes have two numbers, size pickers a word."""
    made = graph({"latent": ("Latent", inputs)})

    assert size == find_size(made, made.nodes["latent"])


@pytest.mark.parametrize(
    ("value", "inner"), [({"content": "a"}, "a"), ({"__value__": [1]}, [1]), ("a", "a"), ({}, None)]
)
def test_wrapped_values_are_unwrapped(value: object, inner: object) -> None:
    """Pysssss and the LoRA Manager wrap their values."""
    assert inner == unwrap(value)


@pytest.mark.parametrize("endless", [10**40, -(10**40), float("nan"), float("inf")])
def test_numbers_that_nobody_can_reckon_with_are_none(graph: Maker, endless: float) -> None:
    """JSON knows whole numbers of any length; no size and no number of steps is one."""
    made = graph({"a": ("EmptyLatentImage", {"width": endless, "height": 512, "steps": endless})})

    assert (None, None) == (find_number(made, made.nodes["a"], "steps"), find_size(made, made.nodes["a"]))
