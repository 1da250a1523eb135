"""Pictures with different guidance and different LoRA weights in one batch.

The product merges a LoRA into the weights, which makes every LoRA weight a batch of its own. Here the low-rank part is
computed beside the layer and multiplied by each picture's own weight: the same sum, in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from counterprompt.generation.diffusers_generator import DiffusersGenerator
from counterprompt.generation.guidance import GuidedDenoiser
from counterprompt.generation.lora_file import read_lora
from counterprompt.search.space import own_lora_weights

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from counterprompt.ports import GenerationRequest


class MixedGenerator(DiffusersGenerator):
    """The product's generator, mixing what it otherwise keeps apart, in bfloat16 where *is_half*."""

    def __init__(
        self, checkpoint: Path, lora_folder: Path, batch_size: int, device: str = "cpu", is_half: bool = False
    ) -> None:
        import torch

        super().__init__(checkpoint, lora_folder, device=device, batch_size=batch_size, name="miniature")
        kind = torch.bfloat16 if is_half else torch.float32
        unet, vae = self._checkpoint.unet.to(kind), self._checkpoint.vae.to(kind)
        self._beside = LoraBeside(self._loras._modules, lora_folder, device, kind)
        self._checkpoint = replace(self._checkpoint, unet=_QuickUnet(unet, kind), vae=_QuickVae(vae, kind))

    def _checked_key(self, request: GenerationRequest) -> Any:
        return replace(super()._checked_key(request), loras=(), cfg_scale=2.0)

    def _denoiser(self, requests: Sequence[GenerationRequest], key: Any) -> GuidedDenoiser:
        plain = super()._denoiser(requests, key)
        half = len(requests)
        denoiser = _MixedDenoiser(
            self._checkpoint, self._levels, plain._schedules[:half], plain._schedules[half:], 1.0, key.size
        )
        denoiser.bind(requests, self._beside)
        return denoiser


class LoraBeside:
    """Adds the LoRAs of a folder to the modules they change, at weights that differ from row to row.

    LoRAs that change the text encoder are refused: its texts are encoded apart from the pictures.
    """

    def __init__(self, modules: dict[str, Any], folder: Path, device: str, kind: Any) -> None:
        self.rows: dict[str, tuple[Tensor, Tensor]] = {}
        """LoRA to the rows of the batch that use it and its weight in each of them."""
        for path in sorted(folder.glob("*.safetensors")):
            for name, delta in read_lora(path).items():
                if name.startswith("lora_te") or name not in modules:
                    raise ValueError(f"The LoRA {path.name} changes {name}, which cannot be mixed.")
                scale = delta.alpha / delta.down.shape[0]
                parts = (delta.down.to(device, kind), (delta.up * scale).to(device, kind))
                modules[name].register_forward_hook(self._hook(path.stem, *parts))

    def _hook(self, name: str, down: Tensor, up: Tensor) -> Any:
        from torch.nn import functional

        def add(module: Any, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
            weighted = self.rows.get(name)
            if weighted is None:
                return output
            rows, weights = weighted
            own = inputs[0][rows]
            scale = weights.reshape(-1, *[1] * (own.dim() - 1))
            if down.dim() == 2 or own.dim() < 4:
                added = functional.linear(functional.linear(own, down.flatten(1)) * scale, up.flatten(1))
            else:
                low = functional.conv2d(own, down, stride=module.stride, padding=module.padding) * scale
                added = functional.conv2d(low, up.reshape(*up.shape[:2], 1, 1))
            return output.index_add(0, rows, added)

        return add


class _MixedDenoiser(GuidedDenoiser):
    """Guides every picture with its own strength and LoRA weights."""

    def bind(self, requests: Sequence[GenerationRequest], beside: LoraBeside) -> None:
        import torch

        device = self._unet.device
        scales: Any = torch.tensor([request.cfg_scale for request in requests], device=device)[:, None, None, None]
        self._cfg_scale = scales
        weights = [own_lora_weights(request.prompt) for request in requests]
        names = sorted({name for each in weights for name in each})
        self._weights = {
            name: torch.tensor([each.get(name, 0.0) for each in weights] * 2, dtype=self._unet.kind, device=device)
            for name in names
        }
        self._beside = beside

    def _predict(self, rows: Tensor, timestep: Tensor) -> Tensor:
        import torch

        predicted, device = torch.empty_like(rows), rows.device
        for picked, hidden, _ in self._groups:
            self._beside.rows = {name: _used(each[picked]) for name, each in self._weights.items()}
            answer = self._unet(rows[picked], timestep.to(device).expand(len(picked)), encoder_hidden_states=hidden)
            predicted[picked] = answer[0].float()
        self._beside.rows = {}
        return predicted


def _used(weights: Tensor) -> tuple[Tensor, Tensor]:
    """Return the rows whose weight is not 0, and their weights."""
    rows = weights.nonzero().flatten()
    return rows, weights[rows]


class _QuickUnet:
    """A UNet in *kind* that is spoken to in float32.

    What it computes from the texts alone is the same at every step, and computed once.
    """

    def __init__(self, unet: Any, kind: Any) -> None:
        self._unet, self.config, self.device, self.kind = unet, unet.config, unet.device, kind
        self._cast = _same_as_before(lambda hidden: hidden.to(kind))
        for name, module in unet.named_modules():
            if name.endswith(("attn2.to_k", "attn2.to_v")):
                module.forward = _same_as_before(module.forward)

    def __call__(self, sample: Tensor, timestep: Tensor, *, encoder_hidden_states: Tensor) -> Any:
        hidden = self._cast(encoder_hidden_states)
        return self._unet(sample.to(self.kind), timestep, encoder_hidden_states=hidden, return_dict=False)


def _same_as_before(compute: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Answer as the last time where the very same tensor is given again."""
    last: list[Tensor] = []

    def answer(given: Tensor) -> Tensor:
        if not last or last[0] is not given:
            last[:] = [given, compute(given)]
        return last[1]

    return answer


class _QuickVae:
    """The same of an autoencoder."""

    def __init__(self, vae: Any, kind: Any) -> None:
        self._vae, self.config, self._kind = vae, vae.config, kind

    def decode(self, latents: Tensor, **options: Any) -> Any:
        return (self._vae.decode(latents.to(self._kind), **options)[0].float(),)
