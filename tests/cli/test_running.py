"""Job files on the command line, on the fake generator."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from counterprompt.bootstrap import generators
from counterprompt.generation.fake import FakeGenerator
from counterprompt.jobs.read import read_job_file

EXAMPLES = Path(__file__).parents[2] / "examples"
TINY = "defaults: {generator: fake, budget: 60, search_seeds: 4, held_out: 4, controls: no}\n"


@pytest.fixture
def jobs(tmp_path: Path, picture: Path) -> Path:
    """A job file with a picture and a prompt."""
    path = tmp_path / "night.yaml"
    path.write_text(f"output: out\n{TINY}jobs:\n  - picture: {picture.name}\n  - {{name: cat, prompt: a cat}}\n")
    return path


@pytest.mark.parametrize("command", ["run", "tune"])
def test_jobs_run_to_a_summary(run, jobs: Path, command: str) -> None:
    """Both commands run the file; the answer names each job and what to use, and the pages are there."""
    finished = run(command, jobs, "--json", "--no-open")
    answer = json.loads(finished.out.splitlines()[-1])

    assert 0 == finished.code, finished.err
    assert ["picture", "cat"] == [job["name"] for job in answer["jobs"]]
    assert "a cat" == answer["jobs"][1]["use"]["prompt"]
    page = Path(answer["summary"]).read_text("utf-8")
    assert 'href="cat/report.html"' in page
    assert (jobs.parent / "out" / "cat" / "report.html").is_file()


def test_a_run_that_was_cut_off_goes_on(run, jobs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a job that broke in its middle no scored picture is drawn again, and exit code 6 says that it broke."""

    class Broken(FakeGenerator):
        def generate(self, requests):
            if self.pictures > 30:
                raise RuntimeError("the card fell out")
            return super().generate(requests)

    whole = FakeGenerator()
    first, second = Broken(), FakeGenerator()
    drawers = iter([whole, first, second])
    monkeypatch.setattr(generators, "load_generator", lambda *_: next(drawers))
    run("run", jobs, "--no-open", "--json")
    shutil.rmtree(jobs.parent / "out")

    broken = run("run", jobs, "--no-open", "--json")
    again = run("run", jobs, "--no-open", "--json")

    assert (6, 0) == (broken.code, again.code)
    assert "2 of 2 jobs failed" in broken.err
    assert whole.pictures == first.pictures + second.pictures


def test_mistakes_are_told_one_a_line(run, tmp_path: Path) -> None:
    """A file with mistakes runs nothing, exits with 2 and names each line."""
    path = tmp_path / "night.yaml"
    path.write_text("jobs:\n  - {prompt: a, budgt: 3}\n  - {promt: b}\n")

    finished = run("run", path)

    assert (2, "") == (finished.code, finished.out)
    assert ["line 2: there is", "line 3: there is", "line 3: this job"] == [
        line.split(", ")[1][:16] for line in finished.err.splitlines()[:3]
    ]


def test_check_runs_nothing(run, jobs: Path) -> None:
    """--check lists the jobs and writes nothing."""
    finished = run("run", jobs, "--check")

    assert 0 == finished.code
    assert "cat" in finished.out
    assert not (jobs.parent / "out").exists()


def test_tune_refuses_options_beside_a_job_file(run, jobs: Path) -> None:
    """An option that the file should hold is named, not ignored."""
    finished = run("tune", jobs, "--budget", "80")

    assert 2 == finished.code
    assert "--budget" in finished.err


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.yaml")))
def test_the_examples_run(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What ships as an example runs to its end; here with the fake generator and tiny budgets."""
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    path = tmp_path / "examples" / name
    dropped = ("budget:", "search_seeds:", "held_out:", "url:", "auth_variable:", "controls:")
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.lstrip().startswith(dropped)]
    text = "\n".join(lines).replace("kind: webui", "kind: fake").replace("generator: miniature", "generator: fake")
    tiny = "\\g<0>\n  budget: 40\n  search_seeds: 4\n  held_out: 4\n  controls: no"
    path.write_text(re.sub("^defaults:.*", tiny, text, flags=re.MULTILINE), encoding="utf-8")
    count = len(read_job_file(path).jobs)

    finished = run("run", path, "--json", "--no-open")

    assert 0 == finished.code, finished.err
    assert count == len(json.loads(finished.out.splitlines()[-1])["jobs"])
