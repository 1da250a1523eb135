"""Loads and runs the preference models at their real size, with random weights, and prints time and memory.

Run `uv run python benchmarks/preference_size.py FOLDER`, where FOLDER has 4 GB free; it needs no download and some
8 GB of memory. In a process of its own it writes what the hub would give: HPSv2.1 as a .pt in 16 bits with open_clip's
names, PickScore as safetensors in 32 bits with transformers' names. In another it loads each by the code that loads the
real one, and scores two pictures for a long prompt. It prints the number of weights, seconds of processor time to load
and to score, and the most memory the process held. Random weights say nothing about taste: shapes, memory and speed are
what is shown. It ends with code 1 where a model does not give one finite score for each picture.
"""

from __future__ import annotations

import argparse
import math
import resource
import subprocess
import sys
import time
from pathlib import Path

from counterprompt.scoring.preference_kinds import PREFERENCES

SIZES = {"hidden_act": "gelu", "projection_dim": 1024}
TEXT = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16}
VISION = {"hidden_size": 1280, "intermediate_size": 5120, "num_hidden_layers": 32, "num_attention_heads": 16}
PROMPT = ", ".join(["a portrait of a (woman:1.2) in a red coat, rain"] * 12)


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write_weights(key: str, path: Path) -> None:
    """Write the file of one model with random weights."""
    import torch

    torch.manual_seed(0)
    if key == "pickscore":
        from safetensors.torch import save_file
        from transformers import CLIPConfig, CLIPModel

        vision = {**SIZES, **VISION, "patch_size": 14, "image_size": 224}
        config = CLIPConfig(text_config={**SIZES, **TEXT}, vision_config=vision, projection_dim=1024)
        save_file(CLIPModel(config).state_dict(), str(path))
        return
    from counterprompt.scoring.clip_registry import build_architecture

    network = build_architecture(PREFERENCES[key].architecture, quick_gelu=False).half()
    torch.save({"state_dict": network.state_dict(), "epoch": 1}, path)


def run_model(key: str, path: Path) -> int:
    """Load and use one model; 1 where its scores are no numbers."""
    from PIL import Image

    from counterprompt.scoring.preference import load_preference

    start = time.process_time()
    model = load_preference(PREFERENCES[key], path)
    loaded = time.process_time()
    scores = model.score([Image.new("RGB", size, "navy") for size in ((768, 512), (512, 512))], PROMPT)
    scored = time.process_time()
    weights = sum(each.numel() for each in model.embedder.clip.network.parameters())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    say(
        f"{model.name}: {weights / 1e6:.0f} million weights, file {path.stat().st_size / 2**30:.2f} GiB, loaded in "
        f"{loaded - start:.0f} s of processor time, two pictures and a prompt in {scored - loaded:.0f} s, "
        f"at most {peak:.1f} GiB"
    )
    return int(len(scores) != 2 or not all(map(math.isfinite, scores)))


def main() -> int:
    """Write and run each model, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.step:
        step, key = chosen.step
        path = chosen.folder / PREFERENCES[key].file_name
        return write_weights(key, path) or 0 if step == "write" else run_model(key, path)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    codes = []
    for key in PREFERENCES:
        for step in ("write", "run"):
            command = [sys.executable, __file__, str(chosen.folder), "--step", step, key]
            codes.append(subprocess.run(command, check=False).returncode)  # noqa: S603 - this very file
        (chosen.folder / PREFERENCES[key].file_name).unlink(missing_ok=True)
    return int(any(codes))


if __name__ == "__main__":
    raise SystemExit(main())
