"""From candidates to scores, each picture generated once."""

from collections.abc import Callable

import pytest

from counterprompt.errors import GeneratorError, StoppedError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest
from counterprompt.search.candidate import BASELINE, Candidate
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.objective import Objective
from counterprompt.search.record import ScoreRecord


class Listener:
    """Hears everything, and asks to stop after *limit* reports."""

    def __init__(self, limit: int) -> None:
        self.heard: list[tuple[str, int, int]] = []
        self.limit = limit

    def advance(self, stage: str, done: int, total: int, note: str = "") -> None:
        """Write it down."""
        self.heard.append((stage, done, total))

    def is_stop_requested(self) -> bool:
        """After the limit."""
        return len(self.heard) >= self.limit


class LosesPictures(FakeGenerator):
    """Returns one picture too few."""

    def generate(self, requests):
        """Leave out the last."""
        return super().generate(requests)[:-1]


def test_a_scored_picture_is_not_generated_again(make_evaluator: Callable[..., Evaluator]):
    """The second evaluator over the same record generates only what is new, and counts everything."""
    make_evaluator(FakeGenerator(), FakeScorer()).scores(BASELINE, [1, 2, 3], "search")
    generator = FakeGenerator()
    evaluator = make_evaluator(generator, FakeScorer())

    scores = evaluator.scores(BASELINE, [3, 4, 1], "search")

    assert (3, 1, 3) == (len(scores), generator.pictures, evaluator.pictures)
    assert 1 == evaluator.cost(BASELINE, [1, 2, 3, 4])


def test_deltas_are_paired_by_seed(make_evaluator: Callable[..., Evaluator], objective: Objective):
    """The baseline differs from itself by nothing on every seed; another candidate does differ."""
    evaluator = make_evaluator(FakeGenerator(), FakeScorer())

    assert [0.0, 0.0] == [delta.total for delta in evaluator.deltas(objective, BASELINE, [1, 2], "search")]
    assert all(delta.total for delta in evaluator.deltas(objective, Candidate(cfg_scale=9.0), [1, 2], "search"))


def test_stopping_keeps_what_is_done(baseline: GenerationRequest, tmp_path):
    """A stop is honoured after the batch in hand, and its scores are recorded."""
    record, listener = ScoreRecord(tmp_path, "fake"), Listener(limit=2)
    evaluator = Evaluator(baseline, FakeGenerator(batch_size=2), FakeScorer(), record, listener, 50)

    with pytest.raises(StoppedError, match="after 4 pictures"):
        evaluator.scores(BASELINE, range(10), "search")

    assert [("search", 2, 50), ("search", 4, 50)] == listener.heard
    assert 4 == record.count()


def test_a_missing_picture_is_refused(make_evaluator: Callable[..., Evaluator]):
    """A generator that returns too few pictures is named, and nothing is recorded."""
    evaluator = make_evaluator(LosesPictures(), FakeScorer())

    with pytest.raises(GeneratorError, match="3 pictures for 4"):
        evaluator.scores(BASELINE, range(4), "search")
    assert 0 == evaluator.record.count()
