"""Renames the weights of a transformers CLIPModel to those of open_clip's CLIP, which is the same network.

So one code path embeds with either, and transformers need not be imported. Left: names in `CLIPModel.state_dict()`
(transformers 4 and 5); right: names in `open_clip.model.CLIP.state_dict()`. transformers keeps queries, keys and values
apart, open_clip stacks them in this order; the two projections are each other's transpose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from counterprompt.errors import MissingModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WHOLE: Final = {
    "logit_scale": "logit_scale",
    "text_model.embeddings.token_embedding.weight": "token_embedding.weight",
    "text_model.embeddings.position_embedding.weight": "positional_embedding",
    "text_model.final_layer_norm.weight": "ln_final.weight",
    "text_model.final_layer_norm.bias": "ln_final.bias",
    "vision_model.embeddings.class_embedding": "visual.class_embedding",
    "vision_model.embeddings.patch_embedding.weight": "visual.conv1.weight",
    "vision_model.embeddings.position_embedding.weight": "visual.positional_embedding",
    "vision_model.pre_layrnorm.weight": "visual.ln_pre.weight",
    "vision_model.pre_layrnorm.bias": "visual.ln_pre.bias",
    "vision_model.post_layernorm.weight": "visual.ln_post.weight",
    "vision_model.post_layernorm.bias": "visual.ln_post.bias",
}
_TRANSPOSED: Final = {"text_projection.weight": "text_projection", "visual_projection.weight": "visual.proj"}
_LAYER: Final = re.compile(r"(text|vision)_model\.encoder\.layers\.(\d{1,3})\.(.+)\.(weight|bias)")
_LAYER_PARTS: Final = {
    "self_attn.out_proj": "attn.out_proj",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}
_TOWERS: Final = {"text": "transformer", "vision": "visual.transformer"}
_ATTENTION: Final = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
_NO_WEIGHTS: Final = re.compile(r"(text|vision)_model\.embeddings\.position_ids")


def to_open_clip(weights: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return the *weights* of a transformers CLIPModel, read from *path*, under open_clip's names.

    Raises:
        MissingModelError: a name belongs to another model, or one of a stack of three is missing.
    """
    renamed: dict[str, Any] = {}
    for name, tensor in weights.items():
        if name in _WHOLE:
            renamed[_WHOLE[name]] = tensor
        elif name in _TRANSPOSED:
            renamed[_TRANSPOSED[name]] = tensor.T
        elif not _NO_WEIGHTS.fullmatch(name):
            renamed.update(_layer_weight(name, weights, path))
    return renamed


def _layer_weight(name: str, weights: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return one weight of a layer under its new name, and nothing for keys and values, which come with the queries."""
    match = _LAYER.fullmatch(name)
    if match is None:
        raise MissingModelError(f'The weights {path} hold "{name}", so they are no CLIPModel; download them again.')
    tower, number, part, kind = match.groups()
    place = f"{_TOWERS[tower]}.resblocks.{number}"
    if part in _LAYER_PARTS:
        return {f"{place}.{_LAYER_PARTS[part]}.{kind}": weights[name]}
    if part != _ATTENTION[0]:
        return {}
    import torch

    names = [name.replace(_ATTENTION[0], each) for each in _ATTENTION]
    if not weights.keys() >= set(names):
        raise MissingModelError(f"The weights {path} lack a part of layer {number}; download them again.")
    return {f"{place}.attn.in_proj_{kind}": torch.cat([weights[each] for each in names])}
