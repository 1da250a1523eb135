"""The lines of an Optuna journal on disk."""

import json
import sqlite3
from pathlib import Path

import pytest

from counterprompt.search import journal_lines
from counterprompt.search.journal_lines import JournalLines


def test_lines_come_back_in_order(tmp_path: Path):
    """What was added is read back from any number on, also by another reader."""
    lines = JournalLines(tmp_path / "trials.journal")
    lines.append_logs([{"a": 1}, {"a": 2}])
    lines.append_logs([{"a": "three\n"}])

    assert [{"a": 2}, {"a": "three\n"}] == list(lines.read_logs(1))
    assert [{"a": 1}, {"a": 2}, {"a": "three\n"}] == list(JournalLines(tmp_path / "trials.journal").read_logs(0))


def test_optuna_reads_them_itself(tmp_path: Path):
    """Optuna's own file backend reads the same file, so any dashboard can."""
    from optuna.storages.journal import JournalFileBackend

    JournalLines(tmp_path / "trials.journal").append_logs([{"a": 1}])

    assert [{"a": 1}] == list(JournalFileBackend(str(tmp_path / "trials.journal")).read_logs(0))


@pytest.mark.parametrize("torn", ['{"a"', '{"a":2}', "\0\0\0"])
def test_a_torn_line_is_cut_off(tmp_path: Path, torn: str):
    """A line without its end was never added: what follows stands on a line of its own."""
    path = tmp_path / "trials.journal"
    path.write_text('{"a":1}\n' + torn)

    JournalLines(path).append_logs([{"a": 3}])

    assert [1, 3] == [json.loads(line)["a"] for line in path.read_text().splitlines()]


def test_a_writer_waits_for_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """While one program holds the lock, another cannot begin to write."""
    JournalLines(tmp_path / "trials.journal")
    other = sqlite3.connect(tmp_path / "trials.lock", timeout=0, isolation_level=None)
    waiting = JournalLines(tmp_path / "trials.journal")
    monkeypatch.setattr(journal_lines, "_PATIENCE_S", 0.02)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        waiting.append_logs([{"a": 1}])
    other.close()
    waiting.append_logs([{"a": 1}])

    assert [{"a": 1}] == list(waiting.read_logs(0))


def test_a_line_that_found_no_room_leaves_no_trace(tmp_path: Path):
    """A disk that is full for a while takes no part of a line: what follows stands on a line of its own."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "trials.journal"
    lines = JournalLines(path)
    lines.append_logs([{"a": "y" * 100_000}])  # more than the lock beside it takes
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, before[1]))
    try:
        with pytest.raises(OSError, match="space"):
            lines.append_logs([{"a": "x" * 100}])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    lines.append_logs([{"a": 3}])

    assert ["y" * 100_000, 3] == [json.loads(line)["a"] for line in path.read_text().splitlines()]


def test_nothing_stays_open(tmp_path: Path):
    """A folder can be deleted, on Windows too, while somebody still holds the list of its trials."""
    open_files = Path("/proc/self/fd")
    if not open_files.is_dir():
        pytest.skip("the system does not list open files there")
    lines = JournalLines(tmp_path / "trials.journal")
    lines.append_logs([{"a": 1}])
    links = [str(path.readlink()) for path in open_files.iterdir() if path.is_symlink()]

    assert [] == [link for link in links if link.startswith(str(tmp_path))]
    assert [{"a": 1}] == list(lines.read_logs(0))
