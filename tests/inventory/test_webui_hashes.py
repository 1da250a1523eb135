"""Hashes that the WebUI has computed already."""

import json
import pickle
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from counterprompt.advice.hashes import HashKind
from counterprompt.inventory.places import find_files
from counterprompt.inventory.webui_hashes import read_webui_hashes

DIGEST = "6ce0161689b3853acaa03779ec93eafe75a02f4ced659bee03f50797806fa2fa"


def _write_database(path: Path, entries: dict[str, object]) -> None:
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE Cache (key BLOB, raw INTEGER, mode INTEGER, value BLOB)")
    for key, entry in entries.items():
        value = entry if isinstance(entry, bytes) else pickle.dumps(entry, protocol=5)
        connection.execute("INSERT INTO Cache VALUES (?, 1, 4, ?)", (key, value))
    connection.commit()
    connection.close()


@pytest.mark.parametrize("is_new", [False, True], ids=["cache.json", "cache.db"])
def test_digests_are_read_by_title(webui: Path, is_new: bool):
    """Checkpoints go by their path, LoRAs by their name; the two kinds are kept apart."""
    entry = {"mtime": 4e9, "sha256": DIGEST}
    if is_new:
        _write_database(webui / "cache" / "hashes" / "cache.db", {"checkpoint/sub/base.safetensors": entry})
        _write_database(webui / "cache" / "hashes-addnet" / "cache.db", {"lora/kiwi_v4": entry})
    else:
        sections = {
            "hashes": {"checkpoint/sub/base.safetensors": entry},
            "hashes-addnet": {"lora/kiwi_v4": entry},
        }
        (webui / "cache.json").write_text(json.dumps(sections))
    files = {file.name: file for file in find_files(webui)}
    hashes = read_webui_hashes(webui)

    assert DIGEST == hashes.digest(files["base"], HashKind.SHA256)
    assert DIGEST == hashes.digest(files["kiwi_v4"], HashKind.AUTOV3)
    assert "" == hashes.digest(files["kiwi_v4"], HashKind.SHA256)
    assert "" == hashes.digest(files["good.safetensors"], HashKind.SHA256)
    assert "" == hashes.digest(replace(files["base"], mtime_ns=int(5e18)), HashKind.SHA256)  # changed since
    assert DIGEST == hashes.digest(
        replace(files["base"], mtime_ns=int(4e18) + 200), HashKind.SHA256
    )  # rounded otherwise


def test_titles_of_windows_are_read(webui: Path):
    """There the WebUI names a checkpoint in a folder with a backslash."""
    title = "checkpoint/sub\\base.safetensors"
    (webui / "cache.json").write_text(json.dumps({"hashes": {title: {"mtime": 4e9, "sha256": DIGEST}}}))
    files = {file.name: file for file in find_files(webui)}

    assert DIGEST == read_webui_hashes(webui).digest(files["base"], HashKind.SHA256)


class Evil:
    """Unpickled, it would run a command."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Ask for the command."""
        return print, ("unpickled",)


@pytest.mark.parametrize(
    "entry",
    [Evil(), b"no pickle", b"", {"mtime": "late", "sha256": DIGEST}, {"mtime": 4e9, "sha256": "x"}, {"sha256": DIGEST}],
)
def test_nothing_is_unpickled_and_broken_entries_are_left_out(webui: Path, entry: object, capsys):
    """The opcodes are read, never run."""
    _write_database(webui / "cache" / "hashes" / "cache.db", {"checkpoint/sub/base.safetensors": entry})

    assert {} == read_webui_hashes(webui).entries
    assert "" == capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", "{", '{"hashes": 1}', '{"hashes": {"checkpoint/a": 1}}', "[" * 100000])
def test_a_broken_cache_is_no_cache(webui: Path, text: str):
    """Whatever stands there, reading goes on."""
    (webui / "cache.json").write_text(text)
    (webui / "cache" / "hashes").mkdir(parents=True)
    (webui / "cache" / "hashes" / "cache.db").write_text(text)

    assert {} == read_webui_hashes(webui).entries


def test_a_time_without_end_breaks_nothing(webui: Path):
    """JSON knows whole numbers of any length."""
    entry = f'{{"mtime": 1{"0" * 400}, "sha256": "{DIGEST}"}}'
    (webui / "cache.json").write_text(f'{{"hashes": {{"checkpoint/a": {entry}}}}}')

    assert 1 == len(read_webui_hashes(webui).entries)
