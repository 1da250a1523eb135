"""Opening the database that workers share."""

from pathlib import Path

import pytest

from counterprompt.errors import GeneratorError, InvalidInputError
from counterprompt.search import storage
from counterprompt.search.storage import open_storage, patiently, without_password


@pytest.mark.parametrize(
    "url",
    ["", "work.sqlite3", "sqlite:////nowhere/at/all.sqlite3", "oracular://host/db", "grpc://host", "grpc://127.0.0.1"],
)
def test_what_cannot_be_opened_is_named(url: str, monkeypatch: pytest.MonkeyPatch):
    """A URL that is none, or a file that cannot be, is refused with an example."""
    monkeypatch.setattr(storage.time, "sleep", lambda _: None)
    with pytest.raises(InvalidInputError, match=r"cannot be used .*; give one such as sqlite"):
        open_storage(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@host:5/db", "postgresql://me:***@host:5/db"),
        ("postgresql://me@host/db", "postgresql://me@host/db"),
        ("sqlite:///work.sqlite3", "sqlite:///work.sqlite3"),
        ("postgresql://[::1", "given"),
        ("postgresql:///db?host=/run&password=se%26cret&user=me", "postgresql:///db?host=/run&password=***&user=me"),
    ],
)
def test_passwords_are_not_shown(url: str, shown: str):
    """What is shown of a URL holds no password."""
    assert shown == without_password(url)


def test_a_database_that_comes_back_is_waited_for(monkeypatch: pytest.MonkeyPatch):
    """A fault of the database is tried again until it passes."""
    from optuna.exceptions import StorageInternalError

    monkeypatch.setattr(storage.time, "sleep", lambda _: None)
    answers = [StorageInternalError("gone"), StorageInternalError("gone"), "here"]

    def call() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert "here" == patiently(call)


def test_a_database_that_stays_away_is_told(monkeypatch: pytest.MonkeyPatch):
    """After the patience is used up, the user is told that nothing is lost; errors of ours come at once."""
    from optuna.exceptions import StorageInternalError

    monkeypatch.setattr(storage, "PATIENCE_S", 0.0)

    def gone() -> None:
        raise StorageInternalError("gone")

    def wrong() -> None:
        raise KeyError("wrong")

    with pytest.raises(GeneratorError, match="start it again and resume: no score is lost"):
        patiently(gone)
    with pytest.raises(KeyError):
        patiently(wrong)


def test_a_file_is_created(tmp_path: Path):
    """A SQLite file that is not there yet is made."""
    open_storage(f"sqlite:///{tmp_path / 'new.sqlite3'}")

    assert (tmp_path / "new.sqlite3").exists()
