"""Where the miniature is, its judge, its demo and its check."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.ports import ImageGenerator, ProgressListener
    from counterprompt.report.controls import Judge


def miniature_folder() -> Path:
    """Return the folder of the miniature's assembled weights.

    Raises:
        MissingModelError: they are not in this installation.
    """
    from counterprompt.miniature.checkpoint import assembled_folder

    return assembled_folder()


def miniature_generator() -> ImageGenerator:
    """Return what draws with the miniature.

    Raises:
        MissingModelError: its weights are not there.
    """
    from counterprompt.generation.diffusers_generator import DiffusersGenerator

    folder = miniature_folder()
    return DiffusersGenerator(folder / "miniature.safetensors", folder / "loras", name="miniature")


def load_judge() -> Judge:
    """Return the miniature's judge.

    Raises:
        MissingModelError: its weights are not there.
    """
    from counterprompt.miniature.judge import load_judge as load

    rates: Judge = load().defect_rates
    return rates


def draw_demo_picture(generator: ImageGenerator, folder: Path) -> Path:
    """Draw the demo's picture into *folder* and return its path; see `miniature.demo.draw_demo_picture`."""
    from counterprompt.miniature.demo import draw_demo_picture as draw

    return draw(generator, folder)


def check_miniature(pictures: int, progress: ProgressListener) -> list[dict[str, Any]]:
    """Measure the miniature against its bars on *pictures* pictures for each setting; see `miniature.check`."""
    from counterprompt.miniature.check.run import MiniatureCheck
    from counterprompt.miniature.judge import load_judge as load
    from counterprompt.scoring.clip_scorer import load_clip_scorer
    from counterprompt.tagging.wd import WdTagger

    folder = miniature_folder()
    scorer, tagger = load_clip_scorer(folder / "clip"), WdTagger(folder / "tagger")
    check = MiniatureCheck(miniature_generator(), scorer, tagger, load(), samples=pictures, progress=progress)
    return [asdict(result) for result in check.run()]
