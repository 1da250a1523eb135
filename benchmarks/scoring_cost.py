"""Measures what everything around the CLIP costs, and what scoring a batch saves against scoring one by one.

Run `uv run python benchmarks/scoring_cost.py` (CPU: half an hour or more on one core, nearly all of it in the encoder;
with a card `--device cuda`: seconds). It needs no download: the CLIP has the real size of ViT-L/14 with random weights,
since time does not depend on what the weights say, and draws its own pictures of 512 by 512.

Round by round it times, on the same 64 pictures, (1) the bare encoder: the image tower on a batch that is ready;
(2) what the scorer adds: two aesthetic heads, all built-in probes, prompt fidelity and the five signals on the pictures
as they are; (3) resizing and stacking, which any scorer has to do. Then, on fewer pictures, one-by-one scoring as the
extensions we know do it: the picture goes through a PNG in memory, is resized, encoded alone, and read by LAION v2's
five layers one after the other; against the scorer on the same pictures as one batch. Medians over the rounds are
compared, on the processor of its own time, so that other work on the machine counts little.

Bar: (2) takes at most 5 % of (1); it ends with code 1 where that is missed. With `--device cuda` it also prints what it
costs to put the weights on the card and to take them off again, which the scorer does once for each call.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image

from counterprompt.scoring.aesthetic import fold_head
from counterprompt.scoring.clip_folder import describe_clip
from counterprompt.scoring.clip_registry import build_architecture
from counterprompt.scoring.clip_scorer import ClipScorer
from counterprompt.scoring.embedder import ClipEmbedder
from counterprompt.scoring.probe_table import BUILT_IN_PROBES
from counterprompt.scoring.probes import build_probes
from counterprompt.scoring.views import centre_crop, normalised_batch, views_of

if TYPE_CHECKING:
    from collections.abc import Callable

BAR = 0.05
PROMPT = "a portrait of a woman in a red coat, street at night, rain, film grain, (bokeh:1.2) <lora:style:0.7>"
LAYERS = {0: (768, 1024), 2: (1024, 128), 4: (128, 64), 6: (64, 16), 7: (16, 1)}


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def draw_pictures(count: int, size: int) -> list[Image.Image]:
    """Draw soft colours with a little noise, each picture another."""
    rng = np.random.default_rng(0)
    pictures = []
    for _ in range(count):
        soft = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)).resize((size, size))
        pixels = np.asarray(soft, dtype=np.float64) + rng.normal(0, 6, (size, size, 3))
        pictures.append(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))
    return pictures


def chain_of_layers(width: int) -> torch.nn.Sequential:
    """Build LAION v2's net with random weights: five linear layers and nothing between them."""
    torch.manual_seed(0)
    sizes = [(width if inner == 768 else inner, outer) for inner, outer in LAYERS.values()]
    return torch.nn.Sequential(*(torch.nn.Linear(inner, outer) for inner, outer in sizes)).eval()


def build_scorer(architecture: str, device: str, batch: int, chain: torch.nn.Sequential) -> ClipScorer:
    """Build the scorer as `load_named_scorer` does, with random weights."""
    torch.manual_seed(1)
    clip = describe_clip(build_architecture(architecture, quick_gelu=True), architecture, device, {})
    embedder = ClipEmbedder(clip, batch)
    width = embedder.embed_texts([""]).shape[1]
    v2 = {
        f"layers.{number}.{kind}": getattr(layer, kind).detach().double().numpy()
        for number, layer in zip(LAYERS, chain)
        for kind in ("weight", "bias")
    }
    v1 = {"weight": np.random.default_rng(2).normal(size=(1, width)), "bias": np.array([5.0])}
    heads = [fold_head(v1, Path("v1")), fold_head(v2, Path("v2"))]
    return ClipScorer(embedder, heads, build_probes(BUILT_IN_PROBES, embedder))


def timed(work: Callable[[], Any], device: str) -> float:
    """Return the seconds that *work* takes: of the clock with a card, of processor time without."""
    clock = time.process_time if device == "cpu" else time.perf_counter
    start = clock()
    work()
    if device != "cpu":
        torch.cuda.synchronize()
    return clock() - start


def one_by_one(scorer: ClipScorer, chain: torch.nn.Sequential, pictures: list[Image.Image], device: str) -> None:
    """Score each picture alone, through a PNG in memory, with the head's layers one after the other."""
    clip, guest = scorer.embedder.clip, scorer.embedder.guest
    for picture in pictures:
        file = io.BytesIO()
        picture.save(file, "PNG")
        view = centre_crop(Image.open(io.BytesIO(file.getvalue())).convert("RGB"), clip.image_size)
        batch = normalised_batch([view], clip.mean, clip.std, device).to(guest.dtype)
        with torch.inference_mode():
            embedding = clip.network.encode_image(batch).float()
            chain((embedding / embedding.norm(dim=-1, keepdim=True)).cpu()).item()


def measure_round(scorer: ClipScorer, chain: torch.nn.Sequential, pictures: list[Image.Image], few: int) -> list[float]:
    """Return seconds a picture: encoder, added, views, one by one, the same few as one batch."""
    embedder, guest = scorer.embedder, scorer.embedder.guest
    clip, device = embedder.clip, guest.device

    def encode(batch: Any) -> Any:
        with torch.inference_mode():
            return clip.network.encode_image(batch).float().cpu().numpy()

    def prepare(images: list[Image.Image]) -> Any:
        views = [group[0] for group in views_of(images, clip.image_size)]
        return normalised_batch(views, clip.mean, clip.std, device).to(guest.dtype)

    found: list[float] = []

    def inside(_: Any) -> None:
        batch = prepare(pictures)
        encode(batch[:2])
        seconds = timed(lambda: encode(batch), device)
        embeddings = encode(batch[:2])
        many = np.resize(
            embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True), (len(pictures), embeddings.shape[1])
        )
        added = timed(lambda: scorer.score_embeddings(many, pictures, PROMPT), device)
        views = timed(lambda: prepare(pictures), device)
        alone = timed(lambda: one_by_one(scorer, chain, pictures[:few], device), device)
        together = timed(
            lambda: scorer.score_embeddings(_unit(encode(prepare(pictures[:few]))), pictures[:few], PROMPT), device
        )
        whole = len(pictures)
        found.extend([seconds / whole, added / whole, views / whole, alone / few, together / few])

    guest.run(inside, [0])
    return found


def _unit(rows: Any) -> Any:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def main() -> int:
    """Print the table; 1 where the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architecture", default="ViT-L-14")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--few", type=int, default=8, help="pictures scored one by one")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, default=512, help="edge of the pictures")
    parser.add_argument("--device", default="cpu")
    chosen = parser.parse_args()
    chain = chain_of_layers(768 if chosen.architecture == "ViT-L-14" else 512)
    scorer = build_scorer(chosen.architecture, chosen.device, chosen.batch, chain)
    pictures = draw_pictures(chosen.batch, chosen.size)
    scorer.score_embeddings(_unit(np.ones((1, len(scorer.heads[0].direction)), np.float32)), pictures[:1], PROMPT)
    rows = []
    for number in range(chosen.rounds):
        rows.append(measure_round(scorer, chain, pictures, chosen.few))
        numbers = "  ".join(f"{seconds * 1e3:9.2f}" for seconds in rows[-1])
        say(f"round {number + 1}, ms a picture: encoder, added, resizing, one by one, as one batch {numbers}")
    encoder, added, views, alone, together = (statistics.median(column) for column in zip(*rows))
    say(f"heads, probes, fidelity and signals over the bare encoder: {added / encoder:.2%} (bar {BAR:.0%})")
    say(f"resizing and stacking over the bare encoder: {views / encoder:.2%}")
    say(f"one by one over one batch of {chosen.few}: {alone / together:.2f} times the time")
    if chosen.device != "cpu":
        trip = statistics.median(timed(lambda: scorer.embedder.guest.run(len, [0]), chosen.device) for _ in range(5))
        say(f"weights to the card and off again: {trip * 1e3:.1f} ms a call")
    return int(added > BAR * encoder)


if __name__ == "__main__":
    raise SystemExit(main())
