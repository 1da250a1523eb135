"""Reads the same pictures with Counterprompt and with sd-parsers, and compares files per second and what is kept.

Run `uv run --with sd-parsers python benchmarks/reading_speed.py --corpus FOLDER`; without a folder COUNTERPROMPT_CORPUS
or ../shared/corpus. sd-parsers (0.6 when this was written) is needed for this benchmark only, with its defaults.

What is compared: each gets the path of a picture and gives values back, nothing is put off or remembered from the round
before. sd-parsers opens the picture with Pillow, takes the texts, and gives a `PromptInfo`: prompts, sampler and model
apart, a dictionary of the other fields. Counterprompt walks through the file itself, checks the texts' checksums and
whether the file is whole, and gives a `PictureReading`: the infotext, `GenerationParams` with prompts and all fields,
the program's name, the size, the text's place in the file. Numbers stay texts in both until somebody asks.

Both read all pictures in every round and take turns in going first. A round's time is processor time, since other work
on the machine would make it a lottery; the medians of the rounds are compared, for all pictures, for those that both
can read, and for each program and container.

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

from counterprompt.imagefile.read import NO_PROGRAM, read_picture

DEFAULT_CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
_UNREAD = "read by one only"


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
    groups = _group(paths, parse)
    ours: dict[str, list[float]] = {kind: [] for kind in groups}
    theirs: dict[str, list[float]] = {kind: [] for kind in groups}
    for number in range(rounds + 1):
        turns: list[tuple[Callable[[Path], object], dict[str, list[float]]]]
        turns = [(read_picture, ours), (parse, theirs)]
        for read, times in turns if number % 2 else turns[::-1]:
            for kind, group in groups.items():
                taken = _time(read, group)
                times[kind] += [taken] if number else []  # the first round only warms up
    both = [kind for kind in groups if not kind.startswith(_UNREAD)]
    return [
        f"{len(paths)} pictures, {rounds} rounds each in turns, medians of processor time (bar: ratio 3)",
        *(_report(f"  {kind}", [kind], groups, ours, theirs) for kind in sorted(groups)),
        _report("that both can read", both, groups, ours, theirs),
        _report("all", list(groups), groups, ours, theirs),
    ]


def _group(paths: list[Path], parse: Callable[[Path], object]) -> dict[str, list[Path]]:
    """Program and container to its pictures; those that one of the two cannot read are a group of their own."""
    groups: dict[str, list[Path]] = {}
    for path in paths:
        kind = f"{read_picture(path).program}, {path.suffix[1:].upper()}"
        if parse(path) is None or kind.startswith(NO_PROGRAM):
            kind = f"{_UNREAD}: {kind}"
        groups.setdefault(kind, []).append(path)
    return groups


def _report(
    name: str,
    kinds: list[str],
    groups: dict[str, list[Path]],
    ours: dict[str, list[float]],
    theirs: dict[str, list[float]],
) -> str:
    count = sum(len(groups[kind]) for kind in kinds)
    mine, other = (
        statistics.median(map(sum, zip(*(times[kind] for kind in kinds)))) / count for times in (ours, theirs)
    )
    return (
        f"{name:24} {count:4} files  counterprompt {mine * 1e6:6.0f} us = {1 / mine:6.0f}/s  "
        f"sd-parsers {other * 1e6:6.0f} us = {1 / other:6.0f}/s  ratio {other / mine:.2f}"
    )


def _time(read: Callable[[Path], object], paths: list[Path]) -> float:
    started = time.process_time()
    for path in paths:
        read(path)
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
