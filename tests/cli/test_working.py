"""A study whose pictures another process draws."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

import pytest

from counterprompt.bootstrap import crews
from counterprompt.bootstrap.generators import GeneratorChoice
from counterprompt.errors import InvalidInputError
from counterprompt.ports import SilentProgress
from counterprompt.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

STUDY = ("--generator", "fake", "--budget", "60", "--no-controls", "--no-open", "--json")


def work(storage: str, drawn: list[int]) -> None:
    """Wait until the study is there, then work for it until it has ended."""
    for _ in range(600):
        try:
            worker = crews.load_worker(
                "study", storage, GeneratorChoice("fake"), None, load_settings(), SilentProgress()
            )
        except InvalidInputError:
            time.sleep(0.05)
        else:
            drawn.append(worker.run())
            return


def test_a_worker_draws_for_tune(run, picture: Path, tmp_path: Path):
    """With a storage `tune` draws nothing itself, says how to start workers, ends, and sends them home."""
    storage, drawn = f"sqlite:///{tmp_path / 'work.sqlite3'}", []
    thread = threading.Thread(target=work, args=(storage, drawn), daemon=True)
    thread.start()

    finished = run("tune", picture, *STUDY, "--study", tmp_path / "study", "--storage", storage)
    thread.join(20)
    answer = json.loads(finished.out.splitlines()[-1])

    assert 0 == finished.code, finished.err
    assert "counterprompt worker study --storage URL" in finished.err
    assert [answer["pictures"]] == drawn
    assert storage not in (tmp_path / "study" / "plan.json").read_text("utf-8")


def test_a_worker_needs_a_database(run):
    """Without a storage there is nothing to work for."""
    finished = run("worker", "study", "--generator", "fake")

    assert (2, True) == (finished.code, "COUNTERPROMPT_STORAGE" in finished.err)


def test_a_worker_for_an_unknown_study_says_so(run, tmp_path: Path):
    """The name that is not there is told."""
    storage = f"sqlite:///{tmp_path / 'work.sqlite3'}"

    finished = run("worker", "study", "--generator", "fake", "--storage", storage)

    assert (2, True) == (finished.code, "no study called study" in finished.err)


@pytest.mark.parametrize("option", ["--url", "--webui"])
def test_several_addresses_are_taken(run, picture: Path, option: str):
    """Every address is asked: here none answers, and the first is named."""
    finished = run(
        "tune",
        picture,
        "--generator",
        "webui",
        option,
        "http://127.0.0.1:9",
        option,
        "http://127.0.0.1:10",
        "--no-open",
    )

    assert (4, True) == (finished.code, "http://127.0.0.1:9" in finished.err)
