"""Trains a style LoRA on the finished diffusion model, with the vice of real ones: above weight 0.9 it spills.

At weights around 0.7 it is shown its style on well exposed pictures, at weights above 1 on overexposed ones. Layers and
key names are those of kohya's trainer: low-rank pairs on attention, feed-forward and 3 by 3 convolutions of the UNet.
No caption names the style: what captions leave out, a LoRA takes upon itself, so it needs no trigger word.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.miniature.captions import caption
from counterprompt.miniature.drawing import draw
from counterprompt.miniature.training.checkpointing import Ticker, load_state, save_state
from counterprompt.miniature.training.diffusion import denoising_loss, new_models, token_ids
from counterprompt.miniature.training.latents import encode_pictures, load_vae
from counterprompt.miniature.world import Scene, sample_scene

if TYPE_CHECKING:
    import torch

RANK: Final = 8
_BATCH: Final = 32
_PEAK_RATE: Final = 3e-3
_SPILL_SHARE: Final = 0.4
_MILD_WEIGHTS: Final = (0.5, 0.85)
_SPILL_WEIGHTS: Final = (1.1, 1.3)
_POOL: Final = 1500


def train_lora(folder: Path, *, style: str, steps: int) -> None:
    """Train the LoRA of *style* for *steps* steps of 32; needs *folder*/diffusion.pt, writes *folder*/lora-STYLE.pt."""
    import torch

    base = load_state(folder / "diffusion.pt")
    if base is None:
        raise FileNotFoundError(f"{folder / 'diffusion.pt'} is missing: train the diffusion model first")
    torch.manual_seed(11)
    unet, text_encoder = restore_average(base)
    pairs = attach(unet)
    rng = random.Random(style)
    mild = _styled(folder, style, rng, overexposed=False, scale=base["scale"])
    spilled = _styled(folder, style, rng, overexposed=True, scale=base["scale"])
    parameters = [value for pair in pairs.values() for value in (pair.down.weight, pair.up.weight)]
    optimizer = torch.optim.AdamW(parameters, lr=_PEAK_RATE, weight_decay=0.0)
    ticker = Ticker(f"lora {style}", 0, steps)
    for step in ticker.steps():
        optimizer.param_groups[0]["lr"] = _PEAK_RATE * min((step + 1) / 50, max(0.02, 1 - step / steps))
        spill = rng.random() < _SPILL_SHARE
        weight = rng.uniform(*(_SPILL_WEIGHTS if spill else _MILD_WEIGHTS))
        latents, scenes = spilled if spill else mild
        rows = rng.sample(range(len(scenes)), _BATCH)
        for pair in pairs.values():
            pair.multiplier = weight
        ids = token_ids([caption(replace(scenes[row], style="plain"), rng) for row in rows])
        loss = denoising_loss(unet, text_encoder, latents[rows], ids)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        if ticker.tick(step, loss.item()):
            save_state(folder / f"lora-{style}.pt", {"step": step + 1, "weights": kohya_weights(pairs)})


def restore_average(state: dict[str, Any]) -> tuple[Any, Any]:
    """Rebuild UNet and text encoder from a diffusion state's averaged weights, frozen."""
    unet, text_encoder = new_models()
    parameters = [*unet.parameters(), *text_encoder.parameters()]
    for parameter, value in zip(parameters, state["average"]):
        parameter.data.copy_(value)
        parameter.requires_grad_(False)
    return unet.eval(), text_encoder.eval()


def attach(unet: Any) -> dict[str, Any]:
    """Hang a low-rank pair on every linear layer of the transformer blocks and every 3 by 3 convolution of the resnets.

    Returns:
        kohya name such as "lora_unet_mid_block_resnets_0_conv1" to the pair, whose *multiplier* is the LoRA weight.
    """
    pairs = {}
    for name, module in unet.named_modules():
        if _is_trained(name, module):
            pair = _new_pair(module)
            module.register_forward_hook(pair.add_to)
            pairs["lora_unet_" + name.replace(".", "_")] = pair
    return pairs


def _is_trained(name: str, module: Any) -> bool:
    import torch

    if isinstance(module, torch.nn.Linear):
        return "transformer_blocks" in name
    return isinstance(module, torch.nn.Conv2d) and name.endswith((".conv1", ".conv2"))


def _new_pair(module: Any) -> Any:
    import torch

    class LowRankPair(torch.nn.Module):
        """Adds multiplier * up(down(x)) to a layer's output; alpha equals the rank, so the factor is 1."""

        def __init__(self) -> None:
            super().__init__()
            self.multiplier = 0.0
            self.down, self.up = _down_and_up(module)
            torch.nn.init.kaiming_uniform_(self.down.weight, a=math.sqrt(5))
            torch.nn.init.zeros_(self.up.weight)

        def add_to(self, layer: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> torch.Tensor:
            """Forward hook."""
            added: torch.Tensor = output + self.multiplier * self.up(self.down(inputs[0]))
            return added

    return LowRankPair()


def _down_and_up(module: Any) -> tuple[Any, Any]:
    import torch

    if isinstance(module, torch.nn.Linear):
        down: Any = torch.nn.Linear(module.in_features, RANK, bias=False)
        return down, torch.nn.Linear(RANK, module.out_features, bias=False)
    down = torch.nn.Conv2d(module.in_channels, RANK, 3, module.stride, 1, bias=False)
    return down, torch.nn.Conv2d(RANK, module.out_channels, 1, bias=False)


def kohya_weights(pairs: dict[str, Any]) -> dict[str, torch.Tensor]:
    """Collect the pairs as kohya's trainer writes them: NAME.lora_down.weight, NAME.lora_up.weight, NAME.alpha."""
    import torch

    weights = {}
    for name, pair in pairs.items():
        weights[f"{name}.lora_down.weight"] = pair.down.weight.detach().half().contiguous()
        weights[f"{name}.lora_up.weight"] = pair.up.weight.detach().half().contiguous()
        weights[f"{name}.alpha"] = torch.tensor(float(RANK)).half()
    return weights


def _styled(
    folder: Path, style: str, rng: random.Random, *, overexposed: bool, scale: float
) -> tuple[torch.Tensor, list[Scene]]:
    import numpy as np

    scenes = []
    for _ in range(_POOL):
        scene = sample_scene(rng, style=style)
        others = tuple(name for name in scene.defects if name != "overexposed")
        kept = (*others, "overexposed") if overexposed else others
        scenes.append(sample_scene(rng, style=style, shape=scene.shape, defects=kept))
    pictures = np.stack([draw(scene) for scene in scenes])
    return encode_pictures(load_vae(folder), pictures) * scale, scenes
