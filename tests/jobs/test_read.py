"""Job files, read and checked."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.jobs.job import Job, JobGenerator
from counterprompt.jobs.limits import GUARDS, WEIGHTS
from counterprompt.jobs.marked_yaml import MOST_BYTES
from counterprompt.jobs.mistakes import JobFileError
from counterprompt.jobs.read import read_job_file
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.score_weights import ScoreWeights

if TYPE_CHECKING:
    from collections.abc import Callable

    Written = Callable[[str], Path]


def test_a_job_file_says_what_each_job_is(written: Written, tmp_path: Path) -> None:
    """Defaults hold for every job unless it says something else; words stay words, paths start from the file."""
    (tmp_path / "a.png").touch()
    (tmp_path / "b.png").touch()
    path = written(
        "output: out\n"
        "generators: {box: {kind: webui, url: [http://one:7860, http://two:7860], auth_variable: LOGIN}}\n"
        "defaults: {generator: miniature, budget: 120, lora: [0.4, 1]}\n"
        "jobs:\n"
        "  - pictures: ['?.png']\n"
        "    cfg: [4, 9]\n"
        "  - {name: no, prompt: 1girl, generator: box, size: 512x768, controls: no, lora: {x: [0, 1]}}\n"
        "  - {prompt: a house, weights: {artifacts: 1}}\n"
        "  - {prompt: a barn, guards: {noise: 0.1}, auditor: tagger, preference: pickscore, tag_artifacts: no}\n"
    )
    mini = JobGenerator("miniature")
    box = JobGenerator("webui", ("http://one:7860", "http://two:7860"), "LOGIN")

    file = read_job_file(path)

    assert tmp_path / "out" == file.output
    assert (
        Job("a", mini, str(tmp_path / "a.png"), budget=120, cfg_range=(4, 9), lora_range=(0.4, 1)),
        Job("b", mini, str(tmp_path / "b.png"), budget=120, cfg_range=(4, 9), lora_range=(0.4, 1)),
        Job("no", box, prompt="1girl", budget=120, size=(512, 768), controls=False, lora_ranges=(("x", (0, 1)),)),
        Job("a-house", mini, prompt="a house", budget=120, lora_range=(0.4, 1), weights=(("artifacts", 1.0),)),
        Job(
            "a-barn",
            mini,
            prompt="a barn",
            budget=120,
            lora_range=(0.4, 1),
            guards=(("noise", 0.1),),
            auditor="tagger",
            preference="pickscore",
        ),
    ) == file.jobs


def test_every_mistake_is_named_with_its_line(written: Written) -> None:
    """All mistakes are said at once, in the order of lines."""
    path = written(
        "outptu: x\n"
        "generators:\n"
        "  box: {kind: webui}\n"
        "  sd: {kind: diffusers, checkpoint: nowhere.safetensors, url: ftp://x}\n"
        "jobs:\n"
        "  - prompt: a\n"
        "    budgt: 100\n"
        "    budget: 3\n"
        "    generator: box\n"
        "  - {picture: nope.png, seed: 5}\n"
        "  - {cfg: [9, 4], prompt: x, picture: y, generator: bux}\n"
        "  - {prompt: '', generator: box, size: 100x100, weights: {beauty: 1}, controls: perhaps, lora: 3}\n"
    )
    expected = [
        (1, "perhaps output is meant"),
        (3, "needs a url"),
        (4, "url does not go with the kind diffusers"),
        (4, "'ftp://x' is no address"),
        (4, "there is no"),
        (7, "perhaps budget is meant"),
        (8, "a whole number from 40 to 100000 must stand here, not '3'"),
        (10, "say which generator draws, one of box, sd"),
        (10, "seed goes with a prompt"),
        (10, "there is no picture"),
        (11, "perhaps box is meant"),
        (11, "give the lower end first"),
        (11, "give it one of picture, pictures or prompt"),
        (12, "controls: yes or no"),
        (12, "lora: a range such as"),
        (12, "prompt: a text must stand here"),
        (12, "size: the size 100x100"),
        (12, "weights: there is no 'beauty'"),
    ]

    with pytest.raises(JobFileError) as caught:
        read_job_file(path)

    found = sorted((each.line, each.sentence) for each in caught.value.mistakes)
    assert len(expected) == len(found), found
    for line, words in expected:
        assert any(line == at and words in sentence for at, sentence in found), (line, words)


@pytest.mark.parametrize(
    "text",
    ["", "jobs:", "jobs: []", "- a", "jobs: [x]", "jobs: {a: 1}", "defaults: 3\njobs: [{prompt: a}]", "generators: 1"],
)
def test_a_file_of_another_shape_is_refused(written: Written, text: str) -> None:
    """What is no list of jobs ends in a sentence, never in a traceback."""
    with pytest.raises(JobFileError, match="line 1"):
        read_job_file(written(text))


@pytest.mark.parametrize("content", [b"jobs: \xff", b"#" * (MOST_BYTES + 1), None])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """A file that is missing, too long or not UTF-8 is named."""
    path = tmp_path / "jobs.yaml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InvalidInputError, match=r"jobs\.yaml"):
        read_job_file(path)


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "examples").glob("*.yaml")), ids=lambda p: p.name)
def test_the_examples_hold(path: Path) -> None:
    """What ships as an example has no mistake."""
    assert read_job_file(path).jobs


def test_the_names_are_the_searchs() -> None:
    """What a job file calls weights and guards are the fields of the search."""
    assert {field.name for field in fields(ScoreWeights)} == set(WEIGHTS)
    assert {field.name for field in fields(GuardLimits)} == set(GUARDS)


def test_a_tilde_is_the_home_folder(written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every path may begin at the user's home, as in a shell."""
    (home := tmp_path / "home").mkdir()
    (home / "a.png").touch()
    (home / "bc.png").touch()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))

    file = read_job_file(written("output: ~/out\njobs: [{picture: ~/a.png, tagger: ~/a.png}, {picture: '~/??.png'}]"))

    assert home / "out" == file.output
    assert [str(home / "a.png"), str(home / "bc.png")] == [job.picture for job in file.jobs]
    assert str(home / "a.png") == file.jobs[0].tagger


def test_a_pattern_is_none_of_its_folder(tmp_path: Path) -> None:
    """Square brackets in the name of a folder stand for themselves."""
    (folder := tmp_path / "[old] jobs").mkdir()
    (folder / "[a].png").touch()
    (folder / "jobs.yaml").write_text("jobs: [{picture: '[a]*'}]", encoding="utf-8")

    assert str(folder / "[a].png") == read_job_file(folder / "jobs.yaml").jobs[0].picture


@pytest.mark.parametrize("name", ["x" * 5000, f"*{'x' * 5000}"])
def test_names_that_no_file_can_have_are_mistakes(written: Written, name: str) -> None:
    """A picture whose name is too long for any disk is not there; a tagger of such a name stays as it is named."""
    path = written(f"jobs: [{{picture: '{name}'}}]")

    with pytest.raises(JobFileError, match="no picture"):
        read_job_file(path)
    assert name == read_job_file(written(f"jobs: [{{prompt: a, tagger: '{name}'}}]")).jobs[0].tagger
