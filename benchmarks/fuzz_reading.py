"""Reads hundreds of thousands of damaged pictures: no crash, no read over a second, no growing memory.

Run `uv run python benchmarks/fuzz_reading.py --files 200000 --seed 1`. It starts from the pictures in `--corpus`
(COUNTERPROMPT_CORPUS, else ../shared/corpus; without it from synthetic ones alone) and `seed_pictures.py`: every
container, text place and program. Each file is damaged in one to four ways (bits, bytes, cuts, repeats, parts of
another file, false lengths, words that parsers look for), then read from memory. `--seed` and the number of a file give
the same file again; `--show N` writes file N for a closer look.

Bar: 200,000 files; only CounterpromptError is raised; the slowest takes under a second of processor time, so that a
busy machine is not blamed on us; peak memory grows by less than 128 MiB after the first thousand. Prints the counts;
exits with 1 where the bar is missed.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from seed_pictures import make_seed_pictures

from counterprompt.errors import CounterpromptError
from counterprompt.imagefile.read import read_picture

DEFAULT_CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
TOKENS = (
    *(b"IHDR", b"IDAT", b"IEND", b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"parameters\0", b"prompt\0", b"workflow\0"),
    *(b"\xff\xd8", b"\xff\xd9", b"\xff\xda", b"\xff\xe1", b"\xff\xfe", b"Exif\0\0", b"MM\0*", b"II*\0", b"UNICODE\0"),
    *(b"RIFF", b"WEBP", b"VP8X", b"VP8L", b"EXIF", b"XMP ", b"GIF89a", b"\x21\xfe", b"\x2c", b"ftyp", b"avif", b"meta"),
    *(
        b"iloc",
        b"iinf",
        b"infe",
        b"ispe",
        b"idat",
        b"\x87\x69\0\4",
        b"\x92\x86\0\7",
        b'{"',
        b'"}',
        b"[[[[",
        b"]",
        b"null",
    ),
    *(
        b"Negative prompt:",
        b"Steps: ",
        b"Lora hashes: ",
        b'"',
        b"\\",
        b"\n",
        b"1e999",
        b"NaN",
        b"-1",
        b"\xf0\x9f\x90\x88",
    ),
    *(
        b"http://ns.adobe.com/xap/1.0/\0",
        b"class_type",
        b"inputs",
        b"KSampler",
        b"-10",
        b"definitions",
        b"workflow>",
        b"v4_prompt",
        b"\xed\xa0\x80",
        b"\0" * 40,
    ),
)
LENGTHS = (0, 1, 2, 255, 65_535, 2**24 - 1, 2**31 - 1, 2**31, 2**32 - 1)


def main() -> None:
    """Fuzz and report."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    corpus = Path(os.environ.get("COUNTERPROMPT_CORPUS", DEFAULT_CORPUS))
    parser.add_argument("--files", type=int, default=200_000, help="damaged files to read")
    parser.add_argument("--seed", type=int, default=1, help="another number gives other damage")
    parser.add_argument("--corpus", type=Path, default=corpus, help="folder of pictures")
    parser.add_argument("--show", type=int, help="write this file of the run to fuzzed.bin and read nothing")
    arguments = parser.parse_args()
    seeds = [*make_seed_pictures(), *_read_corpus(arguments.corpus)]
    if arguments.show is not None:
        Path("fuzzed.bin").write_bytes(damage(seeds, arguments.seed, arguments.show))
        return
    sys.exit(_run(seeds, arguments.files, arguments.seed))


def damage(seeds: list[bytes], seed: int, number: int) -> bytes:
    """Make file *number* of the run with *seed*."""
    dice = random.Random(f"{seed}/{number}")
    content = bytearray(dice.choice(seeds))
    for _ in range(dice.choice((1, 1, 1, 2, 3, 4))):
        start = dice.randrange(len(content) + 1)
        stop = min(len(content), start + dice.choice((1, 4, 12, 64, 1024)))
        dice.choice(DAMAGES)(content, start, stop, dice, seeds)
    return bytes(content)


def _flip_bits(content: bytearray, start: int, stop: int, dice: random.Random, seeds: list[bytes]) -> None:
    for position in dice.choices(range(len(content)), k=dice.randint(1, 16)) if content else ():
        content[position] ^= 1 << dice.randrange(8)


def _write_noise(content: bytearray, start: int, stop: int, dice: random.Random, seeds: list[bytes]) -> None:
    content[start:stop] = dice.randbytes(stop - start)


def _cut_off(content: bytearray, start: int, stop: int, dice: random.Random, seeds: list[bytes]) -> None:
    del content[start:]


def _cut_out(content: bytearray, start: int, stop: int, dice: random.Random, seeds: list[bytes]) -> None:
    del content[start:stop]


def _repeat(content: bytearray, start: int, stop: int, dice: random.Random, seeds: list[bytes]) -> None:
    content[start:start] = content[start:stop] * dice.choice((1, 1, 3, 200))


def _splice(content: bytearray, start: int, stop: int, dice: random.Random, seeds: list[bytes]) -> None:
    other = dice.choice(seeds)
    at = dice.randrange(len(other))
    content[start:stop] = other[at : at + dice.choice((8, 40, 400, 4000))]


def _lie_about_length(content: bytearray, start: int, stop: int, dice: random.Random, seeds: list[bytes]) -> None:
    content[start : start + 4] = dice.choice(LENGTHS).to_bytes(4, dice.choice(("big", "little")))


def _add_token(content: bytearray, start: int, stop: int, dice: random.Random, seeds: list[bytes]) -> None:
    content[start:start] = dice.choice(TOKENS)


def _write_token(content: bytearray, start: int, stop: int, dice: random.Random, seeds: list[bytes]) -> None:
    token = dice.choice(TOKENS)
    content[start : start + len(token)] = token


DAMAGES = (
    *(_flip_bits, _write_noise, _cut_off, _cut_out, _repeat, _splice),
    *(_lie_about_length, _add_token, _write_token),
)
"""Each damages *content* around *start* to *stop*, as *dice* fall."""


def _read_corpus(folder: Path) -> list[bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".png", ".jpg", ".webp", ".avif", ".gif"))
    return [path.read_bytes() for path in paths]


def _run(seeds: list[bytes], files: int, seed: int) -> int:
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    slowest, slowest_wall, longest = (0.0, 0), 0.0, 0
    started, first_peak, reading = time.perf_counter(), 0, 0.0
    for number in range(files):
        if number % 1000 == 0:
            faulthandler.dump_traceback_later(120, exit=True)  # a hang ends the run with its place
        if number == min(1000, files - 1):
            first_peak = _peak_mib()
        content = damage(seeds, seed, number)
        longest = max(longest, len(content))
        wall, processor = time.perf_counter(), time.process_time()
        try:
            outcomes[read_picture(content).program] += 1
        except CounterpromptError as error:
            outcomes[f"refused ({type(error).__name__})"] += 1
        except Exception as error:
            failures.append(f"file {number}: {type(error).__name__}: {error}")
        spent, wall = time.process_time() - processor, time.perf_counter() - wall
        slowest, slowest_wall, reading = max(slowest, (spent, number)), max(slowest_wall, wall), reading + spent
    faulthandler.cancel_dump_traceback_later()
    growth = _peak_mib() - first_peak
    seconds = time.perf_counter() - started
    counts = ", ".join(f"{name} {count}" for name, count in outcomes.most_common())
    lines = (
        f"{files} damaged files from {len(seeds)} seeds (--seed {seed}), the longest {longest} bytes",
        f"{seconds:.0f} s in all, {files / seconds:.0f} files/s; reading {reading / files * 1e6:.0f} us of CPU a file",
        f"slowest read: {slowest[0] * 1000:.0f} ms of CPU (file {slowest[1]}), {slowest_wall * 1000:.0f} by the clock",
        f"peak memory: {_peak_mib()} MiB, {growth} MiB more than after the first thousand",
        f"outcomes: {counts}",
        f"crashes: {len(failures)}",
        *failures[:20],
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return int(bool(failures) or slowest[0] > 1 or growth > 128)


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
