"""Reads the same pictures with Counterprompt and with sd-parsers, and compares files per second and what is kept.

Run `uv run --with sd-parsers python benchmarks/reading_speed.py --corpus FOLDER`; without a folder COUNTERPROMPT_CORPUS
or ../shared/corpus. sd-parsers (0.6 when this was written) is needed for this benchmark only. Both read every picture
from its path, in turns; a round's time is processor time, since other work on the machine would make it a lottery, and
the medians of the rounds are compared. sd-parsers runs with its defaults.

With `--upscaled` the same metadata stands in pictures of 768x512 pixels in place of the corpus's single pixel.

Bar: at least three times the files per second of sd-parsers. Also prints how many of the pictures with several
`Lora hashes` or quoted fields came out whole.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin
from sd_parsers import ParserManager

from counterprompt.imagefile.read import read_picture

DEFAULT_CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


def main() -> None:
    """Compare and report."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    corpus = Path(os.environ.get("COUNTERPROMPT_CORPUS", DEFAULT_CORPUS))
    parser.add_argument("--corpus", type=Path, default=corpus, help="folder of pictures")
    parser.add_argument("--rounds", type=int, default=30, help="times that each reads all of them")
    parser.add_argument("--upscaled", action="store_true", help="give the pictures an ordinary size first")
    arguments = parser.parse_args()
    paths = sorted(path for path in arguments.corpus.rglob("*") if path.suffix in (".png", ".jpg"))
    with tempfile.TemporaryDirectory() as folder:
        if arguments.upscaled:
            paths = [_upscale(path, Path(folder)) for path in paths]
        lines = [*_compare_speed(paths, arguments.rounds), *_compare_fields(paths)]
    sys.stdout.write("\n".join(lines) + "\n")


def _upscale(path: Path, folder: Path) -> Path:
    image = Image.open(path)
    image.load()
    noise = Image.effect_noise((768, 512), 60).convert("RGB")
    settings: dict[str, Any] = {"exif": image.info["exif"]} if "exif" in image.info else {}
    if image.format == "PNG":
        settings["pnginfo"] = PngImagePlugin.PngInfo()
        for key, text in image.info.items():
            if isinstance(text, str):
                settings["pnginfo"].add_text(key, text)
    file = io.BytesIO()
    noise.save(file, image.format, **settings)
    copy = folder / f"{path.parent.name}-{path.name}"
    copy.write_bytes(file.getvalue())
    return copy


def _compare_speed(paths: list[Path], rounds: int) -> list[str]:
    parse = ParserManager().parse
    ours, theirs = [], []
    for number in range(rounds + 1):
        times = _time(read_picture, paths), _time(parse, paths)
        if number:  # the first round only warms up
            ours.append(times[0])
            theirs.append(times[1])
    mine, other = statistics.median(ours), statistics.median(theirs)
    return [
        f"{len(paths)} pictures, {rounds} rounds each in turns, medians of processor time",
        f"counterprompt: {len(paths) / mine:8.0f} files/s  {mine / len(paths) * 1e6:6.0f} us a file",
        f"sd-parsers:    {len(paths) / other:8.0f} files/s  {other / len(paths) * 1e6:6.0f} us a file",
        f"ratio: {other / mine:.2f} (bar: 3)",
    ]


def _time(read: Callable[[Path], object], paths: list[Path]) -> float:
    started = time.process_time()
    for path in paths:
        try:
            read(path)
        except Exception:  # noqa: S112 - what cannot be read takes time as well
            continue
    return time.process_time() - started


def _compare_fields(paths: list[Path]) -> list[str]:
    """What became of quoted fields, which hold commas and colons; the infotext itself says what they are."""
    parse = ParserManager(normalize_parameters=False).parse
    counts = {"Lora hashes": [0, 0, 0], "TI hashes": [0, 0, 0], "any quoted field": [0, 0, 0]}
    found = [0, 0]
    for path in paths:
        gen_params, other = read_picture(path).params, parse(path)
        found[0] += gen_params is not None
        found[1] += other is not None
        spans = gen_params.layout.spans if gen_params and gen_params.layout else ()
        kept = {} if other is None else other.metadata
        for span in spans:
            if not span.raw_value.startswith('"'):
                continue
            for label in {span.label, "any quoted field"} & set(counts):
                counts[label][0] += 1
                counts[label][1] += gen_params is not None and gen_params.text(span.label) == span.value
                counts[label][2] += kept.get(span.label) in (span.value, span.raw_value)
    return [
        f"pictures that say something: counterprompt {found[0]}, sd-parsers {found[1]}",
        *(
            f"{label}: {total} written, counterprompt keeps {mine}, sd-parsers {theirs}"
            for label, (total, mine, theirs) in counts.items()
        ),
    ]


if __name__ == "__main__":
    main()
