"""Generates pictures with a local checkpoint, by the rules of AUTOMATIC1111, on diffusers' models."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterprompt.errors import GeneratorError
from counterprompt.generation.checkpoint_loading import load_checkpoint
from counterprompt.generation.guidance import GuidedDenoiser
from counterprompt.generation.lora_file import LoraFolder
from counterprompt.generation.lora_merging import LoraMerger, LoraUse
from counterprompt.generation.request_checks import loras_of, refuse_numbers
from counterprompt.generation.sampling import NoiseLevels, resolve_sampler, run_sampler
from counterprompt.generation.text_encoding import TextEncoder
from counterprompt.prompts.comments import strip_comments
from counterprompt.prompts.extra_networks import strip_extra_networks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PIL import Image
    from torch import Tensor

    from counterprompt.ports import GenerationRequest


@dataclass(frozen=True)
class _BatchKey:
    """What requests must share to be sampled together."""

    loras: tuple[LoraUse, ...]
    cfg_scale: float
    size: tuple[int, int]
    steps: int
    sampler_name: str
    scheduler: str
    clip_skip: int


class DiffusersGenerator:
    """An ImageGenerator on a diffusers folder or a single SD 1.x-layout file."""

    def __init__(
        self,
        checkpoint: Path,
        lora_folder: Path | None = None,
        *,
        device: str | None = None,
        batch_size: int = 8,
        name: str | None = None,
    ) -> None:
        """Load *checkpoint*.

        Args:
            checkpoint: a diffusers folder, or a `.safetensors` file (with its `.yaml` where it is not a full SD 1.x).
            lora_folder: where `<lora:name:weight>` finds its files, also in folders below; None: there are no LoRAs.
            device: "cpu" or "cuda"; None takes CUDA where there is one.
            batch_size: how many pictures are sampled at once, at least 1.
            name: what reports call it; "diffusers: PATH" where None.

        Raises:
            MissingModelError: the checkpoint or a package is missing, or its family is not supported.
            InvalidInputError: the checkpoint or its `.yaml` is broken.
        """
        self._name = name or f"diffusers: {checkpoint}"
        self._batch_size = max(1, batch_size)
        self._checkpoint = load_checkpoint(checkpoint, device or _best_device())
        self._levels = NoiseLevels(self._checkpoint.alphas_cumprod)
        self._text_encoder = TextEncoder(self._checkpoint)
        self._lora_folder = LoraFolder(lora_folder)
        self._loras = LoraMerger(self._checkpoint, self._lora_folder)

    @property
    def name(self) -> str:
        """What it is, for reports."""
        return self._name

    @property
    def batch_size(self) -> int:
        """How many requests are best given at once."""
        return self._batch_size

    def lora_names(self) -> frozenset[str] | None:
        """Name the LoRAs in the folder."""
        return self._lora_folder.names()

    def generate(self, requests: Sequence[GenerationRequest]) -> list[Image.Image]:
        """Generate one RGB picture per request, in order; none depends on what stands beside it.

        Raises:
            GeneratorError: a sampler, schedule type, LoRA or number of a request cannot be served; nothing was run.
            InvalidInputError: a prompt is too large.
        """
        groups: dict[_BatchKey, list[int]] = defaultdict(list)
        for index, request in enumerate(requests):
            groups[self._checked_key(request)].append(index)
        pictures: dict[int, Image.Image] = {}
        for key, members in groups.items():
            for start in range(0, len(members), self._batch_size):
                batch = members[start : start + self._batch_size]
                pictures.update(zip(batch, self._sample([requests[index] for index in batch], key)))
        return [pictures[index] for index in range(len(requests))]

    def _checked_key(self, request: GenerationRequest) -> _BatchKey:
        resolve_sampler(request.sampler_name, request.scheduler)
        refuse_numbers(request, self._text_encoder.layers, self._checkpoint.pixels_per_latent)
        loras = loras_of(request.prompt)
        self._loras.require(loras)
        size = (request.width, request.height)
        return _BatchKey(
            loras, request.cfg_scale, size, request.steps, request.sampler_name, request.scheduler, request.clip_skip
        )

    def _sample(self, requests: Sequence[GenerationRequest], key: _BatchKey) -> list[Image.Image]:
        import torch

        with torch.inference_mode():
            self._loras.apply(key.loras)
            denoiser = self._denoiser(requests, key)
            sampler, schedule = resolve_sampler(key.sampler_name, key.scheduler)
            next_noise = self._noise_source([request.seed for request in requests], key.size)
            latents = run_sampler(sampler, schedule, self._levels, key.steps, denoiser, next_noise)
            return self._decode(latents)

    def _denoiser(self, requests: Sequence[GenerationRequest], key: _BatchKey) -> GuidedDenoiser:
        weights_key = tuple((use.name, use.te_weight) for use in key.loras)

        def encode(text: str, *, is_negative: bool) -> Any:
            return self._text_encoder.encode(
                text, steps=key.steps, clip_skip=key.clip_skip, is_negative=is_negative, weights_key=weights_key
            )

        prompts = [strip_extra_networks(strip_comments(request.prompt)) for request in requests]
        positives = [encode(prompt, is_negative=False) for prompt in prompts]
        negatives = [encode(strip_comments(request.negative_prompt), is_negative=True) for request in requests]
        # at strength 1 the negative prompt cancels out
        guiding = negatives if key.cfg_scale != 1.0 else []
        return GuidedDenoiser(self._checkpoint, self._levels, positives, guiding, key.cfg_scale, key.size)

    def _noise_source(self, seeds: Sequence[int], size: tuple[int, int]) -> Callable[[], Tensor]:
        """Draw each picture's noise from its own generator, on the CPU so that a seed means the same anywhere."""
        import torch

        generators = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
        factor = self._checkpoint.pixels_per_latent
        shape = (self._checkpoint.unet.config.in_channels, size[1] // factor, size[0] // factor)
        device = self._checkpoint.unet.device

        def next_noise() -> Tensor:
            return torch.stack([torch.randn(shape, generator=generator) for generator in generators]).to(device)

        return next_noise

    def _decode(self, latents: Tensor) -> list[Image.Image]:
        """Latents (n, channels, height, width) -> RGB pictures."""
        import torch
        from PIL import Image

        decoded = self._checkpoint.vae.decode(latents.float() / self._checkpoint.scale_factor, return_dict=False)[0]
        if not bool(torch.isfinite(decoded).all()):
            raise GeneratorError("The checkpoint gave not-a-number values and no picture; try it on the CPU.")
        bytes_ = (decoded.clamp(-1, 1) + 1).mul(127.5).to(torch.uint8)  # cut, not rounded, as the host does
        return [Image.fromarray(picture) for picture in bytes_.permute(0, 2, 3, 1).cpu().numpy()]


def _best_device() -> str:
    try:
        import torch
    except ImportError:  # load_checkpoint says what to install
        return "cpu"
    return "cuda" if torch.cuda.is_available() else "cpu"
