"""Trains the CLIP: pictures and descriptions into one space, in open_clip's own model."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from counterprompt.miniature.labels import DEFECT_TAGS, TAGS
from counterprompt.miniature.probes import PROBES
from counterprompt.miniature.training.checkpointing import Ticker, keep, resume
from counterprompt.miniature.training.views import load_views
from counterprompt.miniature.vocabulary import VOCABULARY_SIZE, encode, untrained_embeddings

if TYPE_CHECKING:
    import torch

    from counterprompt.miniature.world import Scene

_CONTEXT_LENGTH: Final = 32
CLIP_CONFIG: Final[dict[str, Any]] = {
    "embed_dim": 64,
    "quick_gelu": False,
    "vision_cfg": {"image_size": 64, "patch_size": 8, "width": 96, "layers": 2, "head_width": 32},
    "text_cfg": {
        "context_length": _CONTEXT_LENGTH,
        "vocab_size": VOCABULARY_SIZE,
        "width": 64,
        "heads": 2,
        "layers": 2,
    },
}
PREPROCESSING: Final = {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}
PROBE_SCALE: Final = 20.0
"""What a cosine difference is multiplied by before the sigmoid (CLIP-IQA uses 100 with OpenAI's weights)."""
_BATCH: Final = 64
_PEAK_RATE: Final = 1e-3
_PROBE_WEIGHT: Final = 3.0


def train_clip(folder: Path, *, steps: int, decode: bool) -> None:
    """Train for *steps* steps of 64 pairs; resumes from and writes *folder*/clip.pt."""
    import torch

    views = load_views(folder, count=8000, seed=1, decode=decode)
    torch.manual_seed(5)
    model = new_clip()
    optimizer = torch.optim.AdamW(model.parameters(), lr=_PEAK_RATE, weight_decay=0.0)
    first = resume(folder / "clip.pt", optimizer, model=model)
    rng = random.Random(500 + first)
    probe_ids = _ids([text for pairs in PROBES.values() for pair in pairs for text in pair])
    ticker = Ticker("clip", first, steps)
    for step in ticker.steps():
        for group in optimizer.param_groups:
            group["lr"] = _PEAK_RATE * min((step + 1) / 200, max(0.02, 1 - step / steps))
        rows, pictures = views.batch(_BATCH)
        captions = [_describe(views.scenes[int(row)], rng) for row in rows]
        loss = _loss(model, pictures, _ids(captions), probe_ids, views.truth[rows])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(max=3.4)
        if ticker.tick(step, loss.item()):
            keep(folder / "clip.pt", step, optimizer, model=model)


def new_clip() -> Any:
    """Make the untrained CLIP."""
    import torch
    from open_clip.model import CLIP

    model = CLIP(**CLIP_CONFIG)
    model.token_embedding.weight.data.copy_(torch.from_numpy(untrained_embeddings(64)))
    return model


def _ids(texts: list[str]) -> torch.Tensor:
    import torch

    return torch.tensor([encode(text, padding=0)[:_CONTEXT_LENGTH] for text in texts])


def _describe(scene: Scene, rng: random.Random) -> str:
    """Describe *scene* truly but not wholly: every part may be left out, so that no part is taken for granted."""
    parts = [f"{scene.colour} {scene.shape}"] if rng.random() < 0.9 else []
    if rng.random() < 0.7:
        parts.append(f"{scene.background} background")
    if scene.style != "plain" and rng.random() < 0.6:
        parts.append(scene.style)
    for defect in rng.sample(DEFECT_TAGS, rng.randint(0, 3)):
        if defect == "bad anatomy" and scene.shape != "person":
            continue
        present = defect in scene.defects or (defect == "vignette" and scene.has_vignette)
        good, bad = rng.choice(PROBES[defect])
        parts.append(bad if present else good)
    rng.shuffle(parts)
    return ", ".join(parts) or "picture"


def _loss(
    model: Any, pictures: torch.Tensor, ids: torch.Tensor, probe_ids: torch.Tensor, truth: torch.Tensor
) -> torch.Tensor:
    import torch
    from torch.nn import functional

    image = model.encode_image(pictures, normalize=True)
    text = model.encode_text(torch.cat([ids, probe_ids]), normalize=True)
    logits = model.logit_scale.exp() * image @ text[: len(ids)].T
    same = (ids[:, None] == ids[None]).all(-1).float()
    target = same / same.sum(1, keepdim=True)
    contrastive = (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2
    probes = text[len(ids) :].view(len(PROBES), -1, 2, text.shape[-1])  # (defect, pair, good or bad, d)
    direction = (probes[:, :, 1] - probes[:, :, 0]).mean(1)
    columns = [TAGS.index(name) for name in PROBES]
    probing = functional.binary_cross_entropy_with_logits(PROBE_SCALE * image @ direction.T, truth[:, columns])
    total: torch.Tensor = contrastive + _PROBE_WEIGHT * probing
    return total
