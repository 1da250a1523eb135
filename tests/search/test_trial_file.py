"""The trials of one study on disk."""

from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.search.trial_file import TrialFile, open_optuna_study


def _begin(file: TrialFile, value: int) -> int:
    from optuna.distributions import IntDistribution

    return file.begin({"x": value}, {"x": IntDistribution(0, 9)}, {"candidate": {"x": value}}).number


def test_a_trial_begins_with_everything(tmp_path: Path):
    """A program that is killed right after a trial began finds it with parameters and notes."""
    _begin(TrialFile(tmp_path / "trials.journal"), 4)

    (running,) = TrialFile(tmp_path / "trials.journal").running()

    assert (0, {"x": 4}, {"candidate": {"x": 4}}) == (running.number, running.params, running.user_attrs)


def test_finished_trials_stay(tmp_path: Path):
    """Notes and value of a finished trial are there again, and the next number follows the last trial begun."""
    file = TrialFile(tmp_path / "trials.journal")
    first, second = _begin(file, 1), _begin(file, 2)
    file.finish(second, 0.5, {"pictures": [[7, 0.5]]})

    again = TrialFile(tmp_path / "trials.journal")

    assert [(second, 0.5, [[7, 0.5]])] == [
        (trial.number, trial.value, trial.user_attrs["pictures"]) for trial in again.finished()
    ]
    assert ([first], 2) == ([trial.number for trial in again.running()], again.next_number)


def test_the_sampler_is_asked_for_the_next_number(tmp_path: Path):
    """A proposal is the sampler's for the trial that comes next; nothing is begun by it."""
    from optuna.samplers import RandomSampler

    class Numbers(RandomSampler):
        def sample_relative(self, study, trial, search_space):
            return {"x": trial.number}

    file = TrialFile(tmp_path / "trials.journal")
    file.study.sampler = Numbers()
    _begin(file, 0)

    assert [{"x": 1}, {"x": 1}] == [file.propose(), file.propose()]


def test_a_damaged_journal_is_named(tmp_path: Path):
    """A trials file that is no journal is refused with its remedy."""
    (tmp_path / "trials.journal").write_bytes(b"no journal\n" * 100)

    with pytest.raises(InvalidInputError, match="delete it and resume"):
        open_optuna_study(tmp_path / "trials.journal")


def test_a_journal_that_cannot_be_written_is_told(tmp_path: Path):
    """Nobody is told to delete a list of trials that only finds no place."""
    file = TrialFile(tmp_path / "trials.journal")
    (tmp_path / "trials.journal").unlink()
    (tmp_path / "trials.journal").mkdir()

    with pytest.raises(InvalidInputError, match=r"cannot be written .*; free some space"):
        _begin(file, 1)
    with pytest.raises(InvalidInputError, match=r"cannot be written .*; free some space"):
        TrialFile(tmp_path / "trials.journal")
