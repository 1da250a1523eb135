"""Errors at the command line: one plain sentence on standard error, an exit code, no traceback."""

from __future__ import annotations

import errno
import os
import socket
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from counterprompt.bootstrap import pictures, taggers


def _png_of_size(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def assert_one_sentence(text: str) -> None:
    """One line that ends like a sentence, without a traceback."""
    assert 1 == text.count("\n"), text
    assert text.rstrip().endswith((".", "possible.")), text
    assert "Traceback" not in text


@pytest.mark.parametrize("command", ["read", "diff", "advise", "tune", "tag"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.png", b""),
        ("noise.png", b"\x00\x01\x02" * 50),
        ("page.jpg", b"<!doctype html><html></html>"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
        ("huge.png", _png_of_size(60_000, 60_000)),
        ("lying.png", _png_of_size(64, 64)),
    ],
)
def test_a_bad_picture_gives_one_sentence(run, tmp_path: Path, monkeypatch, command: str, name: str, content: bytes):
    """Empty, broken, cut off, huge and lying files end with exit code 2 and one sentence that names the file."""
    monkeypatch.setattr(taggers, "load_tagger", lambda *_, **__: None)
    path = tmp_path / name
    path.write_bytes(content)

    finished = run(command, path)

    assert (2, "") == (finished.code, finished.out)
    assert name in finished.err
    assert_one_sentence(finished.err)


@pytest.mark.parametrize("command", ["read", "tune"])
def test_a_missing_picture_gives_one_sentence(run, tmp_path: Path, command: str):
    """A path that leads nowhere is named."""
    finished = run(command, tmp_path / "nowhere.png")

    assert 2 == finished.code
    assert "nowhere.png" in finished.err
    assert_one_sentence(finished.err)


def test_a_folder_is_not_a_picture(run, tmp_path: Path):
    """A folder in the place of a picture is refused."""
    finished = run("read", tmp_path)

    assert 2 == finished.code
    assert_one_sentence(finished.err)


def test_an_unreachable_webui_gives_one_sentence(run, picture: Path):
    """A host where nothing listens is named, with exit code 4, before any model is loaded."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"

    finished = run("tune", picture, "--generator", "webui", "--url", url)

    assert 4 == finished.code
    assert url in finished.err
    assert_one_sentence(finished.err)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--generator", "oracle"], 2, "oracle"),
        (["--generator", "diffusers"], 2, "--checkpoint"),
        (["--generator", "diffusers", "--checkpoint", "/nowhere/x.safetensors"], 3, "/nowhere/x.safetensors"),
        (["--generator", "webui", "--url", "not a url"], 2, "not a url"),
        (["--generator", "webui", "--auth", "nocolon"], 2, "user:password"),
        (["--generator", "fake", "--budget", "3"], 2, "3"),
        (["--generator", "fake", "--size", "big"], 2, "big"),
        (["--generator", "fake", "--search-seeds", "1"], 2, "search-seeds"),
        (["--generator", "fake", "--steps", "0"], 2, "steps"),
        (["--tagger", "/nowhere/tagger", "--generator", "fake"], 3, "/nowhere/tagger"),
    ],
)
def test_a_bad_option_gives_one_sentence(run, picture: Path, arguments: list[str], code: int, said: str):
    """Values out of range and models that are not there are named, and nothing is left behind."""
    finished = run("tune", picture, *arguments)

    assert code == finished.code, finished.err
    assert said in finished.err
    assert_one_sentence(finished.err)


@pytest.mark.parametrize("arguments", [["conjure"], ["read"], ["read", "--loud", "x.png"]])
def test_wrong_usage_names_the_help(run, arguments: list[str]):
    """Unknown commands and options end with exit code 2 and the way to the help."""
    finished = run(*arguments)

    assert 2 == finished.code
    assert "--help" in finished.err
    assert_one_sentence(finished.err)


@pytest.mark.parametrize("arguments", [[], ["models"], ["miniature"]])
def test_a_command_that_needs_another_shows_its_help(run, arguments: list[str]):
    """The help keeps its lines, and exit code 2 says that nothing was done."""
    finished = run(*arguments)

    assert (2, "") == (finished.code, finished.out)
    assert finished.err.lstrip().startswith("Usage: counterprompt")
    assert any(line.strip().startswith("--help ") for line in finished.err.splitlines())


@pytest.mark.parametrize("command", ["resume", "report"])
def test_a_folder_without_a_study_gives_one_sentence(run, tmp_path: Path, command: str):
    """Resume and report say that no study lives there."""
    finished = run(command, tmp_path)

    assert 2 == finished.code
    assert_one_sentence(finished.err)


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "~nobody-of-that-name/study"),
        ("recipes", "import", "~nobody-of-that-name/all.json"),
        ("apply", "auto", "~nobody-of-that-name/a.png"),
    ],
)
def test_the_home_of_a_user_who_is_not_known_is_told_like_any_missing_path(run, arguments: tuple[str, ...]):
    """A shell leaves such a "~" as it is, and so does the program, which then says what is not there."""
    finished = run(*arguments)

    assert 2 == finished.code
    assert_one_sentence(finished.err)
    assert "~nobody-of-that-name" in finished.err


def test_a_fault_of_ours_is_one_sentence_too(run, picture: Path, monkeypatch):
    """An unexpected error names its kind and how to see more, with exit code 1."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a\nb")

    monkeypatch.setattr(pictures, "read_picture", fail)

    finished = run("read", picture)

    assert 1 == finished.code
    assert "ZeroDivisionError: a)" in finished.err
    assert_one_sentence(finished.err)


def test_debug_shows_the_traceback(run, tmp_path: Path, monkeypatch):
    """COUNTERPROMPT_DEBUG=1 shows where an error came from."""
    monkeypatch.setenv("COUNTERPROMPT_DEBUG", "1")

    assert "Traceback" in run("read", tmp_path / "nowhere.png").err


def test_ctrl_c_ends_quietly(run, picture: Path, monkeypatch):
    """An interrupt ends with exit code 130 and one sentence."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pictures, "read_picture", interrupt)

    finished = run("read", picture)

    assert 130 == finished.code
    assert_one_sentence(finished.err.lstrip())  # some versions of typer begin a new line


def test_a_picture_without_parameters_is_no_error(run, tmp_path: Path):
    """Reading it says that it holds none."""
    Image.new("RGB", (8, 8)).save(tmp_path / "plain.png")

    finished = run("read", tmp_path / "plain.png")

    assert 0 == finished.code
    assert "holds no generation parameters" in finished.out


@pytest.mark.parametrize("command", ["read", "tune", "report", "demo"])
def test_a_folder_that_may_not_be_entered_is_named(run, tmp_path: Path, monkeypatch, command: str):
    """What the system refuses is told with its path and the remedy, exit code 2, not as a fault of ours."""
    locked = tmp_path / "locked"
    locked.mkdir()
    (locked / "picture.png").touch()
    locked.chmod(0)
    if os.access(locked / "picture.png", os.R_OK):  # the super-user enters everywhere
        monkeypatch.setattr(Path, "stat", _refuse)
        monkeypatch.setattr(os, "open", _refuse)
    arguments = ["--study", locked / "study"] if command == "demo" else [locked / "picture.png"]

    finished = run(command, *arguments)
    monkeypatch.undo()
    locked.chmod(0o700)

    assert 2 == finished.code
    assert str(tmp_path) in finished.err
    assert "permissions" in finished.err
    assert_one_sentence(finished.err)


def _refuse(path: object, *_: object, **__: object) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def test_a_full_disk_is_told(run, tmp_path: Path, monkeypatch):
    """Where the system names no file, the sentence still says that the disk is full and what to do."""
    monkeypatch.setattr(pictures, "read_picture", _fill)

    finished = run("read", tmp_path / "a.png")

    assert 2 == finished.code
    assert "No space left on device" in finished.err
    assert "free space" in finished.err


def _fill(_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("value", ["3", "abc"])
def test_a_wrong_value_of_an_option_is_named(run, picture: Path, value: str):
    """Whichever typer is installed, the sentence names option, value and help."""
    finished = run("compare", picture, "--seeds", value)

    assert 2 == finished.code
    assert value in finished.err.partition("--seeds")[2]
    assert "compare --help" in finished.err
    assert_one_sentence(finished.err)
