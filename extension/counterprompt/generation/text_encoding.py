"""Encodes prompts as AUTOMATIC1111 does: chunks of 75 tokens, emphasis multiplied in, one text per stage."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterprompt.prompts.emphasis import BREAK, parse_emphasis
from counterprompt.prompts.schedules import resolve_schedules

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from torch import Tensor

    from counterprompt.generation.checkpoint import Checkpoint, TextModel

CHUNK_TOKENS = 75
COMMA_REACH = 20
"""A chunk that is full ends after a comma among its last so many tokens, as the host's default setting has it."""
CACHED_ENCODINGS = 256


@dataclass(frozen=True)
class Encoding:
    """What one text says to the UNet."""

    hidden: Tensor
    """(77 x chunks, width)."""
    pooled: Tensor | None = None
    """(width,) for SDXL."""


@dataclass(frozen=True)
class ScheduledEncoding:
    """A prompt's encodings over the run."""

    stages: tuple[tuple[int, Encoding], ...]
    """(last step, encoding) in order."""

    def at(self, call: int) -> Encoding:
        """Return the encoding for the denoiser call number *call*, counted from 0."""
        return next((encoding for last, encoding in self.stages if call <= last), self.stages[-1][1])


class TextEncoder:
    """Turns prompts into encodings and remembers the latest of them."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._models = checkpoint.text_models
        self._is_sdxl = checkpoint.is_sdxl
        self._cache: OrderedDict[Hashable, ScheduledEncoding] = OrderedDict()

    @property
    def layers(self) -> int:
        """How many layers the first encoder has, the most that CLIP skip may name."""
        return int(self._models[0].encoder.config.num_hidden_layers)

    def encode(
        self, prompt: str, *, steps: int, clip_skip: int = 1, is_negative: bool = False, weights_key: Hashable = None
    ) -> ScheduledEncoding:
        """Encode *prompt*, its extra networks already stripped, for a run of *steps* sampling steps.

        Args:
            prompt: with emphasis, schedules and BREAK.
            steps: at least 1; decides what the fractions in schedules mean.
            clip_skip: 1 takes the text encoder's last layer, 2 the one before; SDXL always takes the one before.
            is_negative: an empty negative prompt of SDXL is encoded as zeros.
            weights_key: names the LoRAs now merged into the text encoders; equal keys share cached encodings.
        """
        stages = resolve_schedules(prompt, steps)
        key = (stages, clip_skip, is_negative, weights_key)
        if key not in self._cache:
            encodings = self._encode_texts([text for _, text in stages], clip_skip, is_negative)
            self._cache[key] = ScheduledEncoding(tuple(zip((last for last, _ in stages), encodings)))
            if len(self._cache) > CACHED_ENCODINGS:
                self._cache.popitem(last=False)
        self._cache.move_to_end(key)
        return self._cache[key]

    def _encode_texts(self, texts: Sequence[str], clip_skip: int, is_negative: bool) -> list[Encoding]:
        import torch

        hidden, pooled = [], None
        for model in self._models:
            width_part, vector = _encode_with(model, texts, -2 if self._is_sdxl else -clip_skip, self._is_sdxl)
            hidden.append(width_part)
            pooled = vector if vector is not None else pooled
        joined = torch.cat(hidden, dim=-1)  # (texts, 77 x chunks, width)
        if self._is_sdxl and is_negative and not any(texts):
            joined = torch.zeros_like(joined)
            pooled = torch.zeros_like(pooled) if pooled is not None else None
        return [Encoding(joined[row], None if pooled is None else pooled[row]) for row in range(len(texts))]


def _encode_with(model: TextModel, texts: Sequence[str], layer: int, is_sdxl: bool) -> tuple[Tensor, Tensor | None]:
    """Encode all *texts* with one encoder: (texts, 77 x chunks, width) and the pooled vector of the first chunk."""
    import torch

    chunked = [chunks_of(text, model.tokenizer) for text in texts]
    most = max(len(chunks) for chunks in chunked)
    parts, pooled = [], None
    for index in range(most):
        column = [chunks[index] if index < len(chunks) else () for chunks in chunked]
        encoded, vector = _encode_chunks(model, column, layer, is_sdxl)
        parts.append(encoded)
        pooled = vector if index == 0 else pooled
    return torch.cat(parts, dim=1), pooled


def _encode_chunks(
    model: TextModel, chunks: Sequence[Sequence[tuple[int, float]]], layer: int, is_sdxl: bool
) -> tuple[Tensor, Tensor | None]:
    """Encode one chunk of each text, (texts, 77, width), and multiply its emphasis in."""
    import torch

    tokenizer, encoder = model.tokenizer, model.encoder
    begin, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    filler = tokenizer.pad_token_id if model.is_pooled else end
    rows, factors = [], []
    for chunk in chunks:
        tokens = [begin, *(token for token, _ in chunk), end]
        rows.append(tokens + [filler] * (CHUNK_TOKENS + 2 - len(tokens)))
        factors.append([1.0, *(emphasis for _, emphasis in chunk)] + [1.0] * (CHUNK_TOKENS + 1 - len(chunk)))
    answer = encoder(input_ids=torch.tensor(rows, device=encoder.device), output_hidden_states=True)
    if layer == -1:
        hidden = answer.last_hidden_state
    else:
        hidden = answer.hidden_states[layer]
        if not is_sdxl:
            hidden = getattr(encoder, "text_model", encoder).final_layer_norm(hidden)
    pooled = answer.text_embeds if model.is_pooled else None
    return emphasized(hidden, torch.tensor(factors, device=hidden.device, dtype=torch.float32)), pooled


def emphasized(hidden: Tensor, factors: Tensor) -> Tensor:
    """Multiply each token's encoding by its emphasis, then scale all so that their mean is as before.

    Args:
        hidden: (texts, 77, width).
        factors: (texts, 77), 1 is normal.

    Source: the "Original" emphasis of A1111 modules/sd_emphasis.py.
    """
    if bool((factors == 1.0).all()):
        return hidden
    plain = hidden.float()
    weighted = plain * factors[..., None]
    mean = weighted.mean()
    restored = weighted * (plain.mean() / mean) if float(mean) != 0.0 else weighted
    return restored.to(hidden.dtype)


def chunks_of(text: str, tokenizer: Any) -> list[list[tuple[int, float]]]:
    """Split *text* into chunks of at most 75 (token, emphasis) pairs, at least one chunk.

    BREAK ends a chunk. A full chunk ends after its last comma where that is near, and what follows the comma moves on.
    """
    pieces = parse_emphasis(text)
    words = [piece for piece, _ in pieces]
    tokenized = tokenizer(words, truncation=False, add_special_tokens=False)["input_ids"]
    comma = tokenizer.convert_tokens_to_ids(",</w>")
    chunks: list[list[tuple[int, float]]] = []
    chunk: list[tuple[int, float]] = []
    for piece, tokens in zip(pieces, tokenized):
        if piece == BREAK:
            chunks.append(chunk)
            chunk = []
            continue
        for token in tokens:
            if len(chunk) == CHUNK_TOKENS:
                kept = CHUNK_TOKENS if token == comma else _end_of_clause(chunk, comma)
                chunks.append(chunk[:kept])
                chunk = chunk[kept:]
            chunk.append((token, piece[1]))
    return [*chunks, chunk] if chunk or not chunks else chunks


def _end_of_clause(chunk: Sequence[tuple[int, float]], comma: int) -> int:
    """Return how many tokens of a full chunk stay in it."""
    for kept in range(len(chunk), len(chunk) - COMMA_REACH, -1):
        if chunk[kept - 1][0] == comma:
            return kept
    return len(chunk)
