"""A study whose pictures another process draws."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

from counterprompt.bootstrap import crews
from counterprompt.bootstrap.generators import GeneratorChoice
from counterprompt.bootstrap.worker_tools import WorkerChoice
from counterprompt.errors import InvalidInputError
from counterprompt.ports import SilentProgress
from counterprompt.search.roaming import RoamingWorker
from counterprompt.search.storage import open_storage
from counterprompt.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

STUDY = ("--generator", "fake", "--budget", "60", "--no-controls", "--no-open", "--json")


def work(storage: str, drawn: list[int], given_up: threading.Event) -> None:
    """Wait until the study is there, however long a busy machine takes, then work for it until it has ended."""
    while not given_up.wait(0.05):
        try:
            worker = crews.load_worker(
                "study", storage, WorkerChoice(GeneratorChoice("fake")), None, load_settings(), SilentProgress()
            )
        except InvalidInputError:
            continue
        drawn.append(worker.run())
        return


def test_a_worker_draws_for_tune(run, picture: Path, tmp_path: Path):
    """With a storage `tune` draws nothing itself, says how to start workers, ends, and sends them home."""
    storage, drawn, ended = f"sqlite:///{tmp_path / 'work.sqlite3'}", [], threading.Event()
    thread = threading.Thread(target=work, args=(storage, drawn, ended), daemon=True)
    thread.start()

    finished = run("tune", picture, *STUDY, "--study", tmp_path / "study", "--storage", storage)
    ended.set()
    thread.join(20)
    answer = json.loads(finished.out.splitlines()[-1])

    assert 0 == finished.code, finished.err
    assert "counterprompt worker study --storage URL" in finished.err
    assert [answer["pictures"]] == drawn
    assert storage not in (tmp_path / "study" / "plan.json").read_text("utf-8")


def test_workers_draw_for_all_jobs(run, tmp_path: Path):
    """`run --storage` draws nothing itself but the prompts' pictures; a worker of the job file ends with its jobs."""
    storage, drawn = f"sqlite:///{tmp_path / 'work.sqlite3'}", []
    jobs = tmp_path / "night.yaml"
    tiny = "defaults: {generator: fake, budget: 60, search_seeds: 4, held_out: 4, controls: no}"
    jobs.write_text(f"{tiny}\njobs:\n  - {{name: a, prompt: a cat}}\n  - {{name: b, prompt: a dog}}\n")

    def work() -> None:
        agency = crews.StorageAgency(
            storage, "night", WorkerChoice(GeneratorChoice("fake")), None, load_settings(), SilentProgress()
        )
        drawn.append(RoamingWorker(agency, SilentProgress()).run())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    finished = run("run", jobs, "--storage", storage, "--at-once", "2", "--json", "--no-open")
    thread.join(20)
    answer = json.loads(finished.out.splitlines()[-1])

    assert 0 == finished.code, finished.err
    assert "counterprompt worker night.yaml --storage URL" in finished.err
    assert [sum(job["pictures"] for job in answer["jobs"])] == drawn


@pytest.mark.parametrize("arguments", [("worker",), ("worker", "one", "--all")])
def test_a_worker_serves_one_thing(run, tmp_path: Path, arguments: tuple[str, ...]):
    """A study or a job file, or --all: one of them."""
    finished = run(*arguments, "--storage", f"sqlite:///{tmp_path / 'work.sqlite3'}", "--generator", "fake")

    assert (2, True) == (finished.code, "--all" in finished.err)


def test_jobs_at_once_need_workers(run, tmp_path: Path):
    """Without a storage one generator draws one job at a time."""
    jobs = tmp_path / "night.yaml"
    jobs.write_text("jobs: [{prompt: a cat, generator: fake}]\n")
    finished = run("run", jobs, "--at-once", "2")

    assert (2, True) == (finished.code, "--storage" in finished.err)


def test_a_worker_needs_a_database(run):
    """Without a storage there is nothing to work for."""
    finished = run("worker", "study", "--generator", "fake")

    assert (2, True) == (finished.code, "COUNTERPROMPT_STORAGE" in finished.err)


def test_a_worker_for_an_unknown_study_says_so(run, tmp_path: Path):
    """The name that is not there is told."""
    storage = f"sqlite:///{tmp_path / 'work.sqlite3'}"
    open_storage(storage)

    finished = run("worker", "study", "--generator", "fake", "--storage", storage)

    assert (2, True) == (finished.code, "no study called study" in finished.err)


def test_a_worker_makes_no_storage(run, tmp_path: Path):
    """A mistyped storage is told, and no file of that name appears."""
    storage = f"sqlite:///{tmp_path / 'typo.sqlite3'}"

    finished = run("worker", "study", "--generator", "fake", "--storage", storage)

    assert (2, True) == (finished.code, "is no file; name the storage" in finished.err)
    assert not (tmp_path / "typo.sqlite3").exists()


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
