"""Draws the same pictures with diffusers and with a running WebUI that has the miniature loaded, and compares them.

Run `uv run python benchmarks/webui_parity.py --url http://127.0.0.1:7860`. Start the WebUI with `--api`, with the
checkpoint and the LoRA folder that `counterprompt doctor` names. Writes parity.png: diffusers above, WebUI below.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.bootstrap.generators import DEFAULT_URL, GeneratorChoice, load_generator
from counterprompt.miniature.judge import as_array, load_judge
from counterprompt.ports import GenerationRequest

if TYPE_CHECKING:
    from PIL import Image

PROMPTS = (
    ("red circle, white background", ""),
    ("green person, sky background", "bad anatomy, (extra arms:1.2)"),
    ("blue house, sand background", "[blurry:0.4], noisy"),
    ("yellow star, black background <lora:striped:0.7>", "overexposed, watermark"),
)
"""Prompt and negative prompt: plain, emphasis, a schedule, a LoRA."""

SEEDS = range(100, 108)


def main() -> None:
    """Compare pixel by pixel and judgement by judgement."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--url", default=DEFAULT_URL, help="address of the WebUI")
    parser.add_argument("--auth", help="USER:PASSWORD, where it was started with --api-auth")
    parser.add_argument("--out", type=Path, default=Path("parity.png"), help="where the picture goes")
    arguments = parser.parse_args()
    generators = [
        load_generator(GeneratorChoice("miniature")),
        load_generator(GeneratorChoice("webui", arguments.url), arguments.auth),
    ]
    requests = [
        GenerationRequest(prompt, negative, seed, steps=10, sampler_name="Euler", cfg_scale=7.0, width=64, height=64)
        for prompt, negative in PROMPTS
        for seed in SEEDS
    ]
    ours, theirs = (generator.generate(requests) for generator in generators)
    sys.stdout.write(compare(ours, theirs) + "\n")
    save_rows(arguments.out, ours, theirs)


def compare(ours: list[Image.Image], theirs: list[Image.Image]) -> str:
    """Say how far the pictures are apart and how often the judge names the same content and defects."""
    difference = abs(as_array(ours).astype(int) - as_array(theirs))
    judge = load_judge()
    pairs = list(zip(judge.judge(ours), judge.judge(theirs)))
    content = sum(
        all(one.most_likely(group) == other.most_likely(group) for group in ("shape", "colour", "background"))
        for one, other in pairs
    )
    defects = sum(one.defects == other.defects for one, other in pairs)
    return (
        f"{len(pairs)} pictures; mean difference {difference.mean():.2f} of 255, largest {difference.max()}; "
        f"same content {content}/{len(pairs)}, same defects {defects}/{len(pairs)}"
    )


def save_rows(path: Path, ours: list[Image.Image], theirs: list[Image.Image]) -> None:
    """Write a picture with a pair of rows for each prompt: diffusers above, the WebUI below."""
    import numpy as np
    from PIL import Image

    columns = len(SEEDS)
    rows = []
    for start in range(0, len(ours), columns):
        for images in (ours, theirs):
            rows.append(np.concatenate(list(as_array(images[start : start + columns])), axis=1))
    sheet = Image.fromarray(np.concatenate(rows))
    sheet.resize((sheet.width * 2, sheet.height * 2), Image.Resampling.NEAREST).save(path)


if __name__ == "__main__":
    main()
