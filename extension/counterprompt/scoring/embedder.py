"""Embeds pictures and texts with a CLIP: unit vectors whose dot product is their similarity."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from counterprompt.errors import ScorerError
from counterprompt.scoring.guest import Guest
from counterprompt.scoring.tokens import token_chunks, token_row
from counterprompt.scoring.views import normalised_batch, picture_views, views_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from PIL import Image

    from counterprompt.scoring.clip_folder import LoadedClip
    from counterprompt.scoring.views import ViewRule


class ClipEmbedder:
    """Gives one embedding per picture and per text.

    Pictures go through the card that `LoadedClip.device` names, as a guest (see `guest`); texts, which are few and are
    remembered, through the processor, so that they are the same wherever pictures go.

    Args:
        clip: the model, from `clip_folder` or `clip_registry`.
        batch_size: views that go through it at once, at least 1.
        rule: which views of a picture are seen.
        precision: see `guest.Guest`.
        is_resident: see `guest.Guest`.
    """

    def __init__(
        self,
        clip: LoadedClip,
        batch_size: int = 16,
        rule: ViewRule = picture_views,
        *,
        precision: str = "",
        is_resident: bool = False,
    ) -> None:
        self.clip = clip
        self.guest = Guest(
            _picture_part(clip.network),
            clip.device,
            precision=precision,
            batch_size=batch_size,
            is_resident=is_resident,
        )
        self._rule = rule
        self._embed_text_once = lru_cache(maxsize=256)(self._embed_text)

    @property
    def logit_scale(self) -> float:
        """What this CLIP multiplies similarities with before a softmax; 100 for OpenAI's, at most 100."""
        return min(float(self.clip.network.logit_scale.exp().item()), 100.0)

    def embed_pictures(self, images: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
        """Embed each picture, in order.

        A picture that is not square is seen twice, as centre crop and as full frame, and the two are averaged.

        Returns:
            Unit vectors, shape (n, d).
        """
        views = views_of(images, self.clip.image_size, self._rule)
        flat = [view for group in views for view in group]
        if not flat:
            return np.zeros((0, self._width()), dtype=np.float32)
        embedded = iter(np.concatenate(self.guest.run(self._embed_views, flat)))
        averaged = [np.mean([next(embedded) for _ in group], axis=0) for group in views]
        return unit_rows(np.stack(averaged))

    def embed_texts(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embed each text, in order.

        One that has more tokens than the CLIP takes (75 for OpenAI's) goes through in chunks, cut at commas where a
        term fits. Its embedding is the mean of the chunks' unit vectors, each counted by its tokens, made a unit vector
        again: what stands late in a long prompt counts as much as what stands early.

        Returns:
            Unit vectors, shape (n, d).
        """
        if not texts:
            return np.zeros((0, self._width()), dtype=np.float32)
        return np.stack([self._embed_text_once(text) for text in texts])

    def _embed_views(self, views: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
        import torch

        batch = normalised_batch(views, self.clip.mean, self.clip.std, self.guest.device)
        with torch.inference_mode():
            features = self.clip.network.encode_image(batch.to(self.guest.dtype))
        return unit_rows(features.float().cpu().numpy())

    def _embed_text(self, text: str) -> npt.NDArray[np.float32]:
        import torch

        chunks = token_chunks(text, self.clip.context_length - 2)
        rows = torch.tensor([token_row(chunk, self.clip.context_length) for chunk in chunks])
        with torch.inference_mode():
            features = self.clip.network.encode_text(rows)
        embedded = unit_rows(features.float().numpy())
        lengths = np.array([max(len(chunk), 1) for chunk in chunks], dtype=np.float32)
        averaged: npt.NDArray[np.float32] = unit_rows(np.average(embedded, axis=0, weights=lengths)[None])[0]
        return averaged

    def _width(self) -> int:
        return int(self._embed_text_once("").shape[0])


def unit_rows(rows: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Divide each row by its length.

    Raises:
        ScorerError: a row is zero or not finite, as broken weights make it.
    """
    lengths = np.linalg.norm(rows.astype(np.float64), axis=-1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths == 0).any():
        raise ScorerError("The CLIP gave an empty or infinite embedding; its weights are broken, download them again.")
    unit: npt.NDArray[np.float32] = (rows / lengths).astype(np.float32)
    return unit


def _picture_part(network: Any) -> Any:
    """Return the part of a CLIP that pictures go through, or all of it where it has no such part."""
    visual = getattr(network, "visual", None)
    return visual if hasattr(visual, "parameters") else network
