"""What Generate gives back after a study: the winner's pictures beside the user's own, and a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from counterprompt.report.verdict import verdict_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counterprompt.report.content import ReportContent

TUNED_FIELD: Final = "Counterprompt tuned"
"""Infotext field that says which pictures are the winner's."""

_LISTS: Final = ("images", "infotexts", "all_prompts", "all_negative_prompts", "all_seeds", "all_subseeds")


def summary_lines(content: ReportContent, study: str, remarks: Sequence[str]) -> list[str]:
    """Say what was found and what to do with it, one plain line each."""
    lines = [verdict_sentence(content)]
    winner, own = content.winner, content.baseline
    if content.is_gain:
        lines.append(f"Negative prompt: {winner.negative_prompt or '(empty)'}")
        lines.append(f"CFG scale: {winner.cfg_scale:g} (yours: {own.cfg_scale:g})")
        lines += [f"LoRA {name}: {weight:g}" for name, weight in winner.loras if (name, weight) not in own.loras]
        lines.append(
            "The pictures come in pairs on one seed: first with these settings, then with yours. The tab Counterprompt "
            f"writes them into the fields (study {study})."
        )
    return [*lines, *remarks]


def paired(winner: Any, own: Any, count: int) -> Any:
    """Put the pictures of two answers of the host in pairs, the winner's first, and return them as one answer."""
    for name in _LISTS:
        mine, theirs = (_pictured(answer, name, count) for answer in (winner, own))
        setattr(winner, name, [each for pair in zip(mine, theirs) for each in pair])
    winner.index_of_first_image = 0
    return winner


def _pictured(answer: Any, name: str, count: int) -> list[Any]:
    values = list(getattr(answer, name) or [])
    first = answer.index_of_first_image if name in ("images", "infotexts") and len(values) > count else 0
    return values[first : first + count]


def empty_answer(p: Any, pictures: Sequence[Path | None]) -> Any:
    """Return an answer of the host without a generation: the pictures of the study that are there, or none."""
    from modules.processing import Processed
    from PIL import Image

    images = [Image.open(path).convert("RGB") for path in pictures if path is not None and path.is_file()]
    p.all_prompts, p.all_negative_prompts = [p.prompt] * max(1, len(images)), [p.negative_prompt] * max(1, len(images))
    p.all_seeds, p.all_subseeds = [p.seed] * max(1, len(images)), [p.subseed] * max(1, len(images))
    return Processed(p, images, seed=p.seed, info="", subseed=p.subseed, infotexts=[""] * max(1, len(images)))
