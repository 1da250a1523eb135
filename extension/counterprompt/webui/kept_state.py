"""What a generation of ours must leave as it was: params.txt, options, prompt caches, loaded LoRAs."""

from __future__ import annotations

import ast
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

Weights = tuple[tuple[str, float, float, Any], ...]
"""Loaded LoRAs: the name that the prompt used, text encoder and diffusion weights, rank."""


@contextmanager
def host_state_kept(options: Collection[str]) -> Iterator[None]:
    """See that a generation in the `with` block leaves no trace, however it ends; *options* are those it overrides."""
    with ExitStack() as stack:
        stack.enter_context(_params_file_kept())
        stack.enter_context(_options_kept(options))
        stack.enter_context(_prompt_caches_kept())
        yield


@contextmanager
def _params_file_kept() -> Iterator[None]:
    """The host writes every generation's parameters there; its button "read the last ones" reads them."""
    from modules import paths

    path = Path(paths.data_path) / "params.txt"
    before = path.read_bytes() if path.is_file() else None
    try:
        yield
    finally:
        if before is None:
            path.unlink(missing_ok=True)
        elif path.read_bytes() != before:
            path.write_bytes(before)


@contextmanager
def _options_kept(names: Collection[str]) -> Iterator[None]:
    """A1111 forgets to restore an overridden option that its settings file does not hold yet."""
    from modules.shared import opts

    before = {name: opts.data[name] for name in names if name in opts.data}
    try:
        yield
    finally:
        for name in names:
            if name in before:
                opts.data[name] = before[name]
            else:
                opts.data.pop(name, None)


@contextmanager
def _prompt_caches_kept() -> Iterator[None]:
    """The class holds the encoded prompts of the last generation, and `close` may drop them."""
    from modules import processing

    classes = (processing.StableDiffusionProcessing, processing.StableDiffusionProcessingTxt2Img)
    before = [(cls, name, vars(cls)[name]) for cls in classes for name in vars(cls) if name.startswith("cached_")]
    kept = [(cls, name, value, list(value)) for cls, name, value in before if isinstance(value, list)]
    try:
        yield
    finally:
        for cls, name, value, items in kept:
            value[:] = items
            setattr(cls, name, value)


def own_prompt_caches(p: Any) -> dict[str, list[None]]:
    """Return empty caches as *p* has them, so that it need not use the class's."""
    names = [name for name in dir(type(p)) if name.startswith("cached_") and isinstance(getattr(p, name), list)]
    return {name: [None] * len(getattr(p, name)) for name in names}


def loaded_loras() -> Weights | None:
    """Tell which LoRAs the host has loaded now, or None where it cannot say."""
    networks = sys.modules.get("networks")
    loaded = getattr(networks, "loaded_networks", None)
    if loaded is None:
        return None
    merged = _merged_weights()
    return tuple(
        (str(getattr(net, "mentioned_name", None) or net.name), *weights, net.dyn_dim)
        for net in loaded
        if (weights := _weights_of(net, merged)) is not None
    )


def _weights_of(net: Any, merged: Mapping[str, tuple[float, float]] | None) -> tuple[float, float] | None:
    if merged is None:
        return net.te_multiplier, net.unet_multiplier
    return merged.get(net.network_on_disk.filename)


def _merged_weights() -> dict[str, tuple[float, float]] | None:
    """Read the weights by file where Forge and reForge note them: their networks say 1 whatever the prompt says.

    None on a host that keeps them with its networks.
    """
    from modules import sd_models

    model: Any = getattr(getattr(sd_models, "model_data", None), "sd_model", None)
    try:
        noted = ast.literal_eval(model.current_lora_hash)
        return {filename: (text_encoder, unet) for filename, unet, text_encoder, *_ in noted}
    except (AttributeError, ValueError, SyntaxError, TypeError):  # other hosts have nothing there, or something else
        return None


def load_loras(weights: Weights) -> None:
    """Load LoRAs as `loaded_loras` told them."""
    load: Callable[..., None] | None = getattr(sys.modules.get("networks"), "load_networks", None)
    if load is not None and weights != loaded_loras():
        names, text_encoder, diffusion, ranks = (list(column) for column in zip(*weights)) if weights else ([],) * 4
        load(names, text_encoder, diffusion, ranks)
