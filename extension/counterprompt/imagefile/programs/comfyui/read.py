"""ComfyUI's pictures: the graph in "prompt", or the editor's drawing of it in "workflow"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from counterprompt.imagefile.programs.comfyui.graph import Graph, read_graph
from counterprompt.imagefile.programs.comfyui.models import (
    find_checkpoint,
    find_clip_skip,
    find_loras,
    find_vae,
    is_merged,
)
from counterprompt.imagefile.programs.comfyui.passes import (
    SavedPicture,
    find_pass_behind,
    find_saved_picture,
    pass_size,
)
from counterprompt.imagefile.programs.comfyui.prompts import NEGATIVE, POSITIVE, PromptWalk
from counterprompt.imagefile.programs.comfyui.settings import (
    continues,
    read_denoise,
    read_sampling,
    read_second_pass,
)
from counterprompt.imagefile.programs.comfyui.values import find_number
from counterprompt.imagefile.programs.comfyui.workflow import read_workflow
from counterprompt.imagefile.programs.json_object import read_json_object
from counterprompt.imagefile.programs.reading import ProgramReading, compose_reading
from counterprompt.imagefile.programs.wording import file_stem, with_lora_tags
from counterprompt.infotext.params import GenerationParams

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from counterprompt.imagefile.texts import EmbeddedTexts

_PROGRAM = "ComfyUI"
_TOLD_PASSES = 2
_PASSES_IN_WORDS = 4
"""Base, refiner, hires fix, and one that adds nothing."""
_EMBEDDING = re.compile(r"\bembedding:([^\s,:()<>]{1,200})")
_NO_SAMPLING = "The workflow has no sampling node that Counterprompt knows, so its settings were not read."
_SILENT = "The prompt comes from a node {!r} whose text is not in the file."
_COMPOSED = (
    "The picture is composed of several sampled parts; prompt and settings are those of the pass that joins them."
)
_REPAINTED = "A node {!r} painted parts of the finished picture anew; its settings are left out."
_MORE_PASSES = "The workflow samples {} times; the first pass and the one after it are told."
_MERGED = "The checkpoint is a mixture of several; only the first one is named."
_DRAWING = "The settings come from the editor's drawing of the workflow, not from what was run."


def read_comfyui(embedded: EmbeddedTexts) -> ProgramReading | None:
    """Read the graph that made the picture; None where the texts hold none.

    The first pass on the way to the saved picture gives prompt and settings; a pass behind it that enlarges is told as
    the hires fix, one that continues with other weights as the refiner.

    Raises:
        InvalidInputError: a text is too long.
    """
    graph, notes = _find_graph(embedded.texts)
    if graph is None:
        return None
    picture = find_saved_picture(graph, embedded.width, embedded.height)
    if not picture.passes:
        return ProgramReading(_PROGRAM, "", GenerationParams(""), (*notes, _NO_SAMPLING))
    prompts = PromptWalk(graph)
    first = picture.passes[0].node
    prompt = with_lora_tags(_plain(prompts.read(first, POSITIVE)), find_loras(graph, first))
    fields = {**_read_first(graph, picture, embedded), **_read_later(graph, picture, prompts)}
    all_notes = [*notes, *_find_notes(graph, picture, prompts)]
    return compose_reading(_PROGRAM, prompt, _plain(prompts.read(first, NEGATIVE)), fields, all_notes)


def _plain(prompt: str) -> str:
    """A prompt with its embeddings named as in the WebUI, without "embedding:", folders and endings."""
    return _EMBEDDING.sub(lambda found: file_stem(found.group(1)), prompt).strip()


def _find_graph(texts: Mapping[str, str]) -> tuple[Graph | None, tuple[str, ...]]:
    graph = read_graph(read_json_object(texts.get("prompt")))
    if graph is not None:
        return graph, ()
    return read_workflow(read_json_object(texts.get("workflow"))), (_DRAWING,)


def _read_first(graph: Graph, picture: SavedPicture, embedded: EmbeddedTexts) -> dict[str, object]:
    passes = picture.passes
    first = passes[0].node
    size = pass_size(graph, passes[:1])
    if size is None and len(passes) == 1:
        size = (embedded.width, embedded.height)  # image to image at the picture's own size
    return {
        **read_sampling(graph, first),
        "Seed": _find_seed(graph, picture),
        "Size": f"{size[0]}x{size[1]}" if size else None,
        "Model": find_checkpoint(graph, first),
        "VAE": find_vae(graph, picture.saver) if picture.saver else None,
        "Clip skip": find_clip_skip(graph, first),
        "Denoising strength": read_denoise(graph, first),
    }


def _find_seed(graph: Graph, picture: SavedPicture) -> int | float | None:
    """The first pass's own seed, or that of a pass before it whose noise it goes on with."""
    node = picture.passes[0].node
    if continues(graph, node):
        node = (*find_pass_behind(graph, node), node)[0]
    return find_number(graph, node, "seed", "noise_seed")


def _read_later(graph: Graph, picture: SavedPicture, prompts: PromptWalk) -> dict[str, object]:
    """What the passes behind the first one add; of several alike the first counts."""
    fields: dict[str, object] = {}
    for position, sampling in enumerate(picture.passes[:_PASSES_IN_WORDS]):
        if position and not sampling.is_repainting:
            told = read_second_pass(graph, picture.passes, position, prompts)
            if not fields.keys() & {"Hires steps", "Denoising strength"}:
                fields = {**{label: value for label, value in told.items() if value not in (None, "")}, **fields}
    return fields


def _find_notes(graph: Graph, picture: SavedPicture, prompts: PromptWalk) -> Iterator[str]:
    passes = picture.passes
    if is_merged(graph, passes[0].node):
        yield _MERGED
    sampling = [one for one in passes if not one.is_repainting]
    if passes[0].is_composed:
        yield _COMPOSED
    if len(sampling) > _TOLD_PASSES:
        yield _MORE_PASSES.format(len(sampling))
    for one in passes:
        if one.is_repainting:
            yield _REPAINTED.format(one.node.kind)
    for kind in () if prompts.read(passes[0].node, POSITIVE) else prompts.silent_kinds:
        yield _SILENT.format(kind)
