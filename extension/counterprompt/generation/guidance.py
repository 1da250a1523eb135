"""Classifier-free guidance: the UNet's answer with and without the prompt, joined at every step."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from counterprompt.generation.checkpoint import Checkpoint
    from counterprompt.generation.sampling import NoiseLevels
    from counterprompt.generation.text_encoding import Encoding, ScheduledEncoding


class GuidedDenoiser:
    """Denoises a batch, every picture with its own prompt and negative prompt, guided with one strength."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        levels: NoiseLevels,
        positives: Sequence[ScheduledEncoding],
        negatives: Sequence[ScheduledEncoding],
        cfg_scale: float,
        size: tuple[int, int],
    ) -> None:
        """Bind the conditions.

        Args:
            checkpoint: whose UNet predicts.
            levels: its noise levels.
            positives: one per picture.
            negatives: one per picture, or none at all where *cfg_scale* is 1.
            cfg_scale: guidance strength.
            size: (width, height) of the pictures in pixels, which SDXL is told.
        """
        self._unet = checkpoint.unet
        self._is_v = checkpoint.prediction_type == "v_prediction"
        self._levels = levels
        self._schedules = [*positives, *negatives]
        self._is_guided = bool(negatives)
        self._cfg_scale = cfg_scale
        self._size = size
        self._encodings: list[Encoding] = []
        self._groups: list[tuple[list[int], Tensor, dict[str, Tensor]]] = []

    def __call__(self, x: Tensor, sigma: Tensor, call: int) -> Tensor:
        """Denoise *x* (n, channels, height, width) of noise level *sigma* at the denoiser call number *call*."""
        import torch

        self._select(call, x)
        scale = (sigma**2 + 1).sqrt()
        rows = torch.cat([x, x]) if self._is_guided else x
        predicted = self._predict(rows / scale, self._levels.timestep_of(sigma))
        denoised = rows / scale**2 - predicted * (sigma / scale) if self._is_v else rows - predicted * sigma
        if not self._is_guided:
            return denoised
        with_prompt, without = denoised.chunk(2)
        return without + self._cfg_scale * (with_prompt - without)

    def _select(self, call: int, x: Tensor) -> None:
        """Stack this call's encodings by their length, unless they are those of the call before."""
        encodings = [schedule.at(call) for schedule in self._schedules]
        if len(encodings) == len(self._encodings) and all(a is b for a, b in zip(encodings, self._encodings)):
            return
        import torch

        by_length: dict[int, list[int]] = defaultdict(list)
        for row, encoding in enumerate(encodings):
            by_length[len(encoding.hidden)].append(row)
        self._encodings = encodings
        self._groups = [
            (rows, torch.stack([encodings[row].hidden for row in rows]), self._added([encodings[row] for row in rows]))
            for rows in by_length.values()
        ]

    def _added(self, encodings: list[Encoding]) -> dict[str, Tensor]:
        """What SDXL wants besides the text: the pooled vectors and (height, width, top, left, height, width)."""
        import torch

        pooled = [encoding.pooled for encoding in encodings if encoding.pooled is not None]
        if not pooled:
            return {}
        width, height = self._size
        ids = torch.tensor([[height, width, 0, 0, height, width]], device=pooled[0].device, dtype=pooled[0].dtype)
        return {"text_embeds": torch.stack(pooled), "time_ids": ids.repeat(len(pooled), 1)}

    def _predict(self, rows: Tensor, timestep: Tensor) -> Tensor:
        """Ask the UNet once per text length: padding would change what a picture looks like."""
        import torch

        parts = []
        for picked, hidden, added in self._groups:
            sample = rows if len(self._groups) == 1 else rows[picked]
            answer = self._unet(
                sample.to(hidden.dtype),
                timestep.to(sample.device).expand(len(picked)),
                encoder_hidden_states=hidden,
                added_cond_kwargs=added or None,
                return_dict=False,
            )
            parts.append(answer[0].float())
        predicted = torch.empty_like(rows)
        for (picked, _, _), part in zip(self._groups, parts):
            predicted[picked] = part
        return predicted
