"""The graph as it was run."""

from collections.abc import Callable

import pytest

from counterprompt.imagefile.programs.comfyui.graph import MOST_LINKS, Graph, read_graph

Maker = Callable[..., Graph]


@pytest.mark.parametrize(
    "prompt", [None, {}, {"1": 3}, {"1": {"class_type": "A"}}, {"1": {"class_type": 1, "inputs": {}}}]
)
def test_what_holds_no_node_is_none(prompt: dict[str, object] | None) -> None:
    """A node needs a class and inputs."""
    assert read_graph(prompt) is None


def test_links_are_told_from_values(graph: Maker) -> None:
    """Two numbers, a link to a node that is gone and a text are values."""
    made = graph()

    assert made.is_link(["model", 0])
    assert not any(made.is_link(value) for value in ([512, 768], ["gone", 0], "model", ["model", "0"], ["model", 0, 1]))


def test_the_walk_upstream_is_nearest_first_and_ends(graph: Maker) -> None:
    """A cycle is walked once."""
    made = graph({"model": ("Loop", {"model": ["sampler", 0]})})
    kinds = [node.kind for node in made.upstream(made.nodes["decode"], lambda name: name in ("samples", "model"))]

    assert ["VAEDecode", "KSampler", "Loop"] == kinds


def test_the_path_starts_where_it_is_told(graph: Maker) -> None:
    """The first step takes the named inputs only, and the way is given from near to far."""
    made = graph()
    path = made.path_to(made.nodes["save"], {"images"}, lambda node: node.kind == "EmptyLatentImage")

    assert ["VAEDecode", "KSampler", "EmptyLatentImage"] == [node.kind for node in path]
    assert () == made.path_to(made.nodes["save"], {"mask"}, lambda node: True)


def test_no_more_links_are_followed_than_the_limit() -> None:
    """A file of 4 MB may hold two hundred thousand, which would keep the reader busy for minutes."""
    inputs = {f"i{number}": ["a", 0] for number in range(MOST_LINKS + 5)}
    graph = read_graph({key: {"class_type": "X", "inputs": inputs} for key in "ab"})

    assert graph is not None
    assert [MOST_LINKS, 0] == [len(list(graph.sources(node))) for node in graph.nodes.values()]
