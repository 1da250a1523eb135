"""Embeds pictures and texts with a CLIP: unit vectors whose dot product is their similarity."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from counterprompt.errors import ScorerError
from counterprompt.scoring.views import normalised_batch, picture_views

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from PIL import Image

    from counterprompt.scoring.clip_folder import LoadedClip


class ClipEmbedder:
    """Gives one embedding per picture and per text.

    Args:
        clip: the model, from `clip_folder` or `clip_registry`.
        batch_size: views that go through it at once, at least 1.
    """

    def __init__(self, clip: LoadedClip, batch_size: int = 16) -> None:
        if batch_size < 1:
            raise ScorerError(f"The scorer's batch size must be at least 1, not {batch_size}.")
        self.clip = clip
        self._batch_size = batch_size
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
        views = [picture_views(image, self.clip.image_size) for image in images]
        flat = [view for group in views for view in group]
        if not flat:
            return np.zeros((0, self._width()), dtype=np.float32)
        parts = [
            self._embed_views(flat[start : start + self._batch_size]) for start in range(0, len(flat), self._batch_size)
        ]
        embedded = iter(np.concatenate(parts))
        averaged = [np.mean([next(embedded) for _ in group], axis=0) for group in views]
        return unit_rows(np.stack(averaged))

    def embed_texts(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embed each text, in order; one that is too long goes through in chunks, averaged by their length.

        Returns:
            Unit vectors, shape (n, d).
        """
        if not texts:
            return np.zeros((0, self._width()), dtype=np.float32)
        return np.stack([self._embed_text_once(text) for text in texts])

    def _embed_views(self, views: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
        import torch

        batch = torch.from_numpy(normalised_batch(views, self.clip.mean, self.clip.std)).to(self.clip.device)
        with torch.inference_mode():
            features = self.clip.network.encode_image(batch)
        return unit_rows(features.float().cpu().numpy())

    def _embed_text(self, text: str) -> npt.NDArray[np.float32]:
        import torch

        chunks = token_chunks(text, self.clip.context_length - 2)
        rows = torch.tensor([_token_row(chunk, self.clip.context_length) for chunk in chunks], device=self.clip.device)
        with torch.inference_mode():
            features = self.clip.network.encode_text(rows)
        embedded = unit_rows(features.float().cpu().numpy())
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


def token_chunks(text: str, limit: int) -> list[list[int]]:
    """Cut *text* into runs of 1 to *limit* CLIP tokens, at commas where a term fits; an empty text is one empty run."""
    whole: list[int] = _bpe().encode(text)
    if len(whole) <= limit:
        return [whole]
    terms = [term for term in text.split(",") if term.strip()]
    chunks: list[list[int]] = []
    for tokens in (_bpe().encode(f"{term},") for term in terms):
        pieces = [tokens[start : start + limit] for start in range(0, len(tokens), limit)]
        if chunks and len(chunks[-1]) + len(pieces[0]) <= limit:
            chunks[-1].extend(pieces.pop(0))
        chunks.extend(pieces)
    return chunks


def _token_row(tokens: Sequence[int], context_length: int) -> list[int]:
    start, end = _bpe().encoder["<start_of_text>"], _bpe().encoder["<end_of_text>"]
    row = [start, *tokens, end]
    return row + [0] * (context_length - len(row))


@lru_cache(maxsize=1)
def _bpe() -> Any:
    import open_clip.tokenizer

    return open_clip.tokenizer.SimpleTokenizer()
