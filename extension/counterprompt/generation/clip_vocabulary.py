"""CLIP's byte-pair vocabulary as a tokenizer folder, built from the copy that open_clip installs.

Every SD 1.x and SDXL checkpoint uses this one vocabulary, so no download is needed to tokenize for a single file.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path

from counterprompt.errors import MissingModelError

VOCABULARY_SIZE = 49408
BEGIN = "<|startoftext|>"
END = "<|endoftext|>"
BYTES = 256
SPECIAL_TOKENS = {"bos_token": BEGIN, "eos_token": END, "unk_token": END, "pad_token": END}


def write_clip_tokenizer(folder: Path) -> None:
    """Write `vocab.json`, `merges.txt` and the two small JSON files from which CLIPTokenizer loads into *folder*.

    Raises:
        MissingModelError: open_clip, whose vocabulary file is read, is not installed.
    """
    merges = _read_merges()
    letters = _byte_letters()
    tokens = letters + [letter + "</w>" for letter in letters]
    tokens += ["".join(merge.split()) for merge in merges] + [BEGIN, END]
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "do_lower_case": True, **SPECIAL_TOKENS}
    vocabulary = {token: index for index, token in enumerate(tokens)}
    _write(folder / "vocab.json", json.dumps(vocabulary, ensure_ascii=False))
    _write(folder / "merges.txt", "#version: 0.2\n" + "\n".join(merges) + "\n")
    _write(folder / "tokenizer_config.json", json.dumps(settings, indent=1))
    _write(folder / "special_tokens_map.json", json.dumps(SPECIAL_TOKENS, indent=1))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _read_merges() -> list[str]:
    """Read the merge rules, most frequent first; the file holds more than CLIP uses."""
    spec = importlib.util.find_spec("open_clip")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise MissingModelError("The CLIP vocabulary comes with open_clip, which is missing; install open-clip-torch.")
    packed = (Path(places[0]) / "bpe_simple_vocab_16e6.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").split("\n")
    return lines[1 : VOCABULARY_SIZE - 2 * BYTES - 2 + 1]


def _byte_letters() -> list[str]:
    """One printable character per byte in the vocabulary's order: printable Latin-1 first, then stand-ins."""
    printable = [*range(33, 127), *range(161, 173), *range(174, BYTES)]
    others = [byte for byte in range(BYTES) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(BYTES + index) for index in range(len(others))]
