"""Tags a folder as `counterprompt tag --write txt` does and as a session-per-picture tagger does, and compares them.

Run `uv run python benchmarks/tagging_speed.py`; it draws its own pictures and uses the miniature's tagger, so that it
needs no download. It prints, round by round, milliseconds a picture of both; then the memory while 2,000 pictures are
captioned in one go. It ends with code 1 where a bar is missed: at least 3 times the pictures a second of a tagger that
opens a new onnxruntime session for each picture (as the widely used ComfyUI tagger does), and memory that grows by less
than 5 % between the first tenth and the end.

Both sides open the same files with the same code, run the same model on the processor and write the same captions. The
rounds alternate, so that other work on the machine slows both down. With a real tagger the ratio is larger, since its
session takes seconds to open and not milliseconds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from counterprompt.bootstrap.miniature import miniature_folder
from counterprompt.bootstrap.pictures import open_picture
from counterprompt.miniature.drawing import draw
from counterprompt.miniature.world import sample_scene
from counterprompt.ports import SilentProgress
from counterprompt.tagging.caption_folder import CaptionPlan, caption_folder
from counterprompt.tagging.captions import ExistingCaptions, render_caption
from counterprompt.tagging.wd import WdTagger

if TYPE_CHECKING:
    from collections.abc import Callable

SPEED_BAR = 3.0
GROWTH_BAR = 0.05
PLAN = CaptionPlan("txt", ExistingCaptions.OVERWRITE)


class MemoryLog(SilentProgress):
    """Notes the resident memory, in MiB, ten times on the way."""

    def __init__(self) -> None:
        self.samples: list[tuple[int, float]] = []

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Look at every tenth of the pictures."""
        if done % max(1, total // 10) == 0:
            self.samples.append((done, resident_mib()))


def resident_mib() -> float:
    """Return the memory that this process holds now, in MiB; Linux only."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def say(line: str) -> None:
    """Write one line of the result at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def draw_pictures(folder: Path, count: int) -> None:
    """Draw *count* scenes into *folder*."""
    rng = random.Random(0)
    for number in range(count):
        Image.fromarray(draw(sample_scene(rng))).save(folder / f"{number:05}.png")


def fresh_session(path: Path) -> object:
    """Open a session that no one else has."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def tag_with_a_session_each(folder: Path, model: Path) -> None:
    """Caption *folder* picture by picture, each with a session of its own."""
    for path in sorted(folder.glob("*.png")):
        tagger = WdTagger(model, open_session=fresh_session)
        path.with_suffix(".txt").write_text(render_caption(tagger.tag([open_picture(path)])[0]) + "\n")


def milliseconds(work: Callable[[], object], pictures: int) -> float:
    """Return how long *work* takes for each of its *pictures*."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000 / pictures


def compare_speed(model: Path, pictures: int, rounds: int) -> float:
    """Print both sides of each round and return the median ratio."""
    tagger = WdTagger(model, open_session=fresh_session)
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw_pictures(folder, pictures)
        for number in range(rounds):
            ours = milliseconds(lambda: caption_folder(folder, tagger, open_picture, PLAN, SilentProgress()), pictures)
            theirs = milliseconds(lambda: tag_with_a_session_each(folder, model), pictures)
            ratios.append(theirs / ours)
            say(f"round {number + 1}: {ours:.2f} ms a picture, with a session each {theirs:.2f} ms: {ratios[-1]:.1f}x")
    return statistics.median(ratios)


def watch_memory(model: Path, pictures: int) -> float:
    """Print the memory while *pictures* are captioned and return its growth since the first tenth, as a share."""
    log = MemoryLog()
    with tempfile.TemporaryDirectory() as name:
        draw_pictures(Path(name), pictures)
        caption_folder(Path(name), WdTagger(model, open_session=fresh_session), open_picture, PLAN, log)
    for done, mib in log.samples:
        say(f"{done} pictures: {mib:.1f} MiB resident")
    return log.samples[-1][1] / log.samples[0][1] - 1


def main() -> int:
    """Compare, print and return the exit code."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--pictures", type=int, default=2000, help="pictures captioned while memory is watched")
    parser.add_argument("--round-pictures", type=int, default=96, help="pictures in each round of the comparison")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the comparison")
    arguments = parser.parse_args()
    model = miniature_folder() / "tagger"
    ratio = compare_speed(model, arguments.round_pictures, arguments.rounds)
    growth = watch_memory(model, arguments.pictures)
    say(f"median ratio {ratio:.1f} (bar {SPEED_BAR:g}), memory growth {growth:+.1%} (bar {GROWTH_BAR:.0%})")
    return 0 if ratio >= SPEED_BAR and growth <= GROWTH_BAR else 1


if __name__ == "__main__":
    sys.exit(main())
