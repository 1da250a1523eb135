"""Which sampling nodes of a graph made the saved picture, in the order in which they ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.comfyui.values import find_size, find_value

if TYPE_CHECKING:
    from counterprompt.imagefile.programs.comfyui.graph import Graph, Node

_PICTURE_LINKS = frozenset(
    {"images", "image", "samples", "samples_to", "latent", "latents", "latent_image", "optional_latent", "pixels"}
    | {"upscaled_image", "images_list", "pipe", "source_image", "image1", "any"}
)
_GUIDES = ("positive", "negative", "guider", "pipe", "basic_pipe", "detailer_pipe", "sdxl_tuple", "conditioning")
_NOT_SAMPLING = ("Select", "Provider", "Scheduler", "preSampling", "Loader", "ToDetailerPipe", "Context")
_REPAINTING = ("detailer", "ultimatesdupscale", "segs", "inpaintcrop")
_MOST_PASSES = 12
_MOST_PICTURES = 50


@dataclass(frozen=True)
class SamplingPass:
    """One sampling node on the way to the saved picture."""

    node: Node
    """The sampling node."""
    feed: tuple[Node, ...]
    """The nodes between it and the pass before it, from the later to the earlier; for the first pass up to the latent
    or the picture that it started from."""
    is_composed: bool = False
    """Whether several other passes were put together before it."""

    @property
    def is_repainting(self) -> bool:
        """Whether it paints parts of a finished picture anew, as face detailers and tiled upscalers do."""
        return any(word in self.node.kind.lower().replace(" ", "") for word in _REPAINTING)


@dataclass(frozen=True)
class SavedPicture:
    """One output of the graph with the passes that led to it."""

    saver: Node | None
    """The node that saved or showed the picture; None where the graph has none."""
    passes: tuple[SamplingPass, ...]
    """First pass first; empty where nothing was sampled."""


def find_saved_picture(graph: Graph, width: int, height: int) -> SavedPicture:
    """Find the output that is the picture of *width* x *height* pixels.

    Nodes that save come before nodes that show. Among several, the one whose size is the picture's counts, else the
    one that most passes led to.
    """
    savers = [node for node in graph.nodes.values() if _is_saver(graph, node)]
    saving = [node for node in savers if "save" in node.kind.lower()] or savers
    pictures = [SavedPicture(saver, _trace_passes(graph, saver)) for saver in saving[:_MOST_PICTURES]]
    pictures = [picture for picture in pictures if picture.passes] or _without_saver(graph)
    fitting = [picture for picture in pictures if pass_size(graph, picture.passes) == (width, height)]
    return max(fitting or pictures, key=lambda picture: len(picture.passes), default=SavedPicture(None, ()))


def find_pass_behind(graph: Graph, node: Node) -> tuple[Node, ...]:
    """The sampling node that *node*'s latent comes from first, as the only element; empty without one."""
    return graph.path_to(node, _PICTURE_LINKS, is_sampling)[-1:]


def is_sampling(node: Node) -> bool:
    """Whether *node* denoises a latent."""
    kind = node.kind
    has_sampler = "sampler" in kind.lower() or node.has("sampler_name", "sampler", "sampler_mode")
    if not has_sampler or any(word in kind for word in _NOT_SAMPLING):
        return False
    return node.has(*_GUIDES) and node.has(*_PICTURE_LINKS)


def _is_saver(graph: Graph, node: Node) -> bool:
    kind = node.kind.lower()
    is_output = "save" in kind or "preview" in kind or "videocombine" in kind
    return is_output and any(name in _PICTURE_LINKS for name, _ in graph.sources(node))


def _without_saver(graph: Graph) -> list[SavedPicture]:
    """Sampling nodes that feed no other one."""
    samplers = [node for node in graph.nodes.values() if is_sampling(node)][-_MOST_PICTURES:]
    feeding = {before.id for node in samplers for before in _samplers_behind(graph, node)}
    return [SavedPicture(None, _chain(graph, node)) for node in samplers if node.id not in feeding]


def _trace_passes(graph: Graph, saver: Node) -> tuple[SamplingPass, ...]:
    last = graph.path_to(saver, _PICTURE_LINKS, is_sampling)
    return _chain(graph, last[-1]) if last else ()


def _chain(graph: Graph, last: Node) -> tuple[SamplingPass, ...]:
    """The passes that end in *last*, first one first."""
    passes: list[SamplingPass] = []
    seen = {last.id}
    node = last
    while len(passes) < _MOST_PASSES:
        before = _samplers_behind(graph, node)
        if len(before) != 1 or before[0].id in seen:
            passes.append(SamplingPass(node, _start_of(graph, node), len(before) > 1))
            break
        path = graph.path_to(node, _PICTURE_LINKS, is_sampling)
        passes.append(SamplingPass(node, path[:-1]))
        node = before[0]
        seen.add(node.id)
    return tuple(passes[::-1])


def _samplers_behind(graph: Graph, node: Node) -> list[Node]:
    """The nearest sampling nodes that *node*'s latent or picture comes from."""
    found: dict[str, Node] = {}
    stack = [source for name, source in graph.sources(node) if name in _PICTURE_LINKS]
    seen = {node.id}
    while stack:
        here = stack.pop()
        if here.id in seen:
            continue
        seen.add(here.id)
        if is_sampling(here):
            found[here.id] = here
        else:
            stack.extend(source for _, source in graph.sources(here))
    return list(found.values())


def _start_of(graph: Graph, node: Node) -> tuple[Node, ...]:
    """The way back to the node that sets the first latent's size ; empty without one."""
    return graph.path_to(node, _PICTURE_LINKS, lambda here: find_size(graph, here) is not None)


def pass_size(graph: Graph, passes: tuple[SamplingPass, ...]) -> tuple[int, int] | None:
    """Width and height in pixels at which the last of *passes* ran, or None where the graph does not say."""
    size: tuple[int, int] | None = None
    for sampling in passes:
        for node in sampling.feed[::-1]:
            size = find_size(graph, node) or _scaled(size, find_scale(graph, node))
        size = size or find_size(graph, sampling.node)
    return size


def find_scale(graph: Graph, node: Node) -> float | None:
    """The factor by which *node* enlarges, or None where it does not."""
    if not any(word in node.kind.lower() for word in ("scale", "resize")):
        return None
    value = find_value(graph, node, "scale_by", "upscale_by", "scale", "upscale_factor", "rescale_factor", "factor")
    return float(value) if isinstance(value, (int, float)) and 0 < value < 100 else None


def _scaled(size: tuple[int, int] | None, scale: float | None) -> tuple[int, int] | None:
    if size is None or scale is None:
        return size
    return round(size[0] * scale), round(size[1] * scale)
