"""The miniature, drawn as fast as one core can: the world of this benchmark.

It differs from the product's generator in speed alone: half the bits (bfloat16), pictures of different guidance and
LoRA weight in one batch. That changes a picture no more than another processor would; every method searches in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from benchmarks.search.measurement import Measurement
from counterprompt.errors import CounterpromptError
from counterprompt.generation.diffusers_generator import DiffusersGenerator
from counterprompt.generation.guidance import GuidedDenoiser
from counterprompt.ports import GenerationRequest

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor

BATCH: Final = 32
"""Pictures drawn at once; more do not make it faster."""


class MixedGenerator(DiffusersGenerator):
    """The product's generator, but with half the bits, and with guidance of its own for each picture of a batch."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        unet, vae = self._checkpoint.unet.bfloat16(), self._checkpoint.vae.bfloat16()
        self._checkpoint = replace(self._checkpoint, unet=_HalfUnet(unet), vae=_HalfVae(vae))

    def _checked_key(self, request: GenerationRequest) -> Any:
        return replace(super()._checked_key(request), cfg_scale=2.0)

    def _denoiser(self, requests: Sequence[GenerationRequest], key: Any) -> GuidedDenoiser:
        import torch

        denoiser = super()._denoiser(requests, key)
        scales: Any = torch.tensor([request.cfg_scale for request in requests])[:, None, None, None]
        denoiser._cfg_scale = scales
        return denoiser


class _HalfUnet:
    """A UNet in bfloat16 that is spoken to in float32."""

    def __init__(self, unet: Any) -> None:
        self._unet, self.config, self.device = unet, unet.config, unet.device

    def __call__(self, sample: Tensor, timestep: Tensor, *, encoder_hidden_states: Tensor, **options: Any) -> Any:
        options.pop("added_cond_kwargs")
        return self._unet(
            sample.bfloat16(), timestep, encoder_hidden_states=encoder_hidden_states.bfloat16(), **options
        )


class _HalfVae:
    """The same of an autoencoder."""

    def __init__(self, vae: Any) -> None:
        self._vae, self.config = vae, vae.config

    def decode(self, latents: Tensor, **options: Any) -> Any:
        return (self._vae.decode(latents.bfloat16(), **options)[0].float(),)


class MiniatureWorld:
    """Draws with the miniature, scores with its CLIP, judges and tags."""

    def __init__(self) -> None:
        import torch

        from counterprompt.bootstrap.miniature import miniature_folder
        from counterprompt.bootstrap.taggers import load_tagger
        from counterprompt.miniature.judge import load_judge
        from counterprompt.scoring.clip_scorer import load_clip_scorer
        from counterprompt.settings import Settings

        torch.set_num_threads(1)
        folder = miniature_folder()
        self._generator = MixedGenerator(
            folder / "miniature.safetensors", folder / "loras", device="cpu", batch_size=BATCH, name="miniature"
        )
        self._scorer = load_clip_scorer(folder / "clip", batch_size=BATCH)
        self._judge = load_judge()
        self._tagger = load_tagger(Settings(data_folder=folder))
        self.name = f"{folder.name} bf16"

    def measure(self, requests: Sequence[GenerationRequest]) -> list[Measurement]:
        """Draw and measure, in order of LoRA weights and prompts, so that each LoRA is merged once."""
        order = sorted(range(len(requests)), key=lambda row: (requests[row].prompt, requests[row].negative_prompt))
        measured: dict[int, Measurement] = {}
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            images = self._generator.generate([requests[row] for row in rows])
            measured.update(zip(rows, self._say(images, [requests[row] for row in rows])))
        return [measured[row] for row in range(len(requests))]

    def _say(self, images: Sequence[Image.Image], requests: Sequence[GenerationRequest]) -> list[Measurement]:
        from counterprompt.prompts.plain import plain_text

        texts = {plain_text(request.prompt).strip() for request in requests}
        if len(texts) > 1:
            raise CounterpromptError("The pictures of one batch must have been asked for in the same words.")
        scores = self._scorer.score(images, requests[0].prompt)
        seen = self._tagger.tag(images)
        return [
            Measurement(each, dict(judged.probabilities), {tag.name: tag.confidence for tag in tags.tags})
            for each, judged, tags in zip(scores, self._judge.judge(images), seen)
        ]


class LazyMiniature:
    """The same, loaded when the first picture is missing: what is cached needs no model."""

    def __init__(self) -> None:
        from counterprompt.bootstrap.miniature import miniature_folder

        self.name = f"{miniature_folder().name} bf16"
        self._world: MiniatureWorld | None = None

    def measure(self, requests: Sequence[GenerationRequest]) -> list[Measurement]:
        """Load the miniature where it is not loaded yet, and draw."""
        if self._world is None:
            self._world = MiniatureWorld()
        return self._world.measure(requests)
