"""Trains the miniature from nothing: hours on a CPU; every stage can be stopped and resumed."""

from __future__ import annotations

import argparse
from pathlib import Path

from counterprompt.miniature.assets import LORA_NAMES
from counterprompt.miniature.classifier import JUDGE_WIDTHS, TAGGER_WIDTHS
from counterprompt.miniature.training.autoencoder import train_autoencoder
from counterprompt.miniature.training.classifier import train_classifier
from counterprompt.miniature.training.contrastive import train_clip
from counterprompt.miniature.training.diffusion import train_diffusion
from counterprompt.miniature.training.export import export_all
from counterprompt.miniature.training.lora import train_lora

STAGES = ("autoencoder", "judge", "tagger", "clip", "diffusion", "loras", "export")


def main() -> None:
    """Run the stages named on the command line, all of them by default; each resumes where it was stopped."""
    parser = argparse.ArgumentParser(prog="python -m counterprompt.miniature.training", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="where pools and training states go (about 1 GB)")
    parser.add_argument("stages", nargs="*", default=STAGES, choices=[*STAGES, []], help="stages to run, in this order")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every number of steps (default 1)")
    arguments = parser.parse_args()
    for stage in arguments.stages:
        run_stage(stage, arguments.folder, arguments.scale)


def run_stage(stage: str, folder: Path, scale: float) -> None:
    """Run one of STAGES, with its usual number of steps times *scale*."""
    if stage == "autoencoder":
        train_autoencoder(folder, steps=round(20_000 * scale))
    elif stage == "judge":
        train_classifier(folder, name="judge", widths=JUDGE_WIDTHS, pool_seed=7, steps=round(3000 * scale), decode=True)
    elif stage == "tagger":
        train_classifier(
            folder, name="tagger", widths=TAGGER_WIDTHS, pool_seed=1, steps=round(3000 * scale), decode=True
        )
    elif stage == "clip":
        train_clip(folder, steps=round(6000 * scale), decode=True)
    elif stage == "diffusion":
        train_diffusion(folder, steps=round(20_000 * scale))
    elif stage == "loras":
        for style in LORA_NAMES:
            train_lora(folder, style=style, steps=round(2500 * scale))
    else:
        export_all(folder)


if __name__ == "__main__":
    main()
