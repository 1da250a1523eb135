"""Workers as a source of scored pictures: whatever happens to one of them, every picture comes, and comes once."""

import importlib.util
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from counterprompt.errors import GeneratorError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest
from counterprompt.search.candidate import BASELINE
from counterprompt.search.crew import Crew
from counterprompt.search.order_trials import order_of
from counterprompt.search.source import Measured
from counterprompt.search.study import run_study
from counterprompt.search.verification import Verdict

spec = importlib.util.spec_from_file_location("crew_parts", Path(__file__).with_name("crew_parts.py"))
crew_parts = importlib.util.module_from_spec(spec)
spec.loader.exec_module(crew_parts)

REQUESTS = [GenerationRequest("a house", "", seed, width=32, height=32) for seed in range(6)]


@pytest.fixture
def storage():
    """A storage in memory, which threads can share."""
    from optuna.storages import InMemoryStorage

    return InMemoryStorage()


def gather(crew: Crew, count: int) -> list[Measured]:
    """Collect until *count* pictures have come."""
    found: list[Measured] = []
    while sum(len(each.requests) for each in found) < count:
        found += crew.collect()
    return found


class Fails(FakeGenerator):
    """Fails the first *times* times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def generate(self, requests):
        """Draw, or fail."""
        if self.times > 0:
            self.times -= 1
            raise GeneratorError("The WebUI is gone; start it again.")
        return super().generate(requests)


def test_scores_are_those_of_one_process(storage):
    """Whoever draws, the scores are the same."""
    crew = Crew(crew_parts.make_queue(storage), FakeGenerator(batch_size=2))
    with crew_parts.working(storage, FakeGenerator(), FakeGenerator()):
        for start in (0, 2, 4):
            crew.submit(REQUESTS[start : start + 2], keep=False)
        found = gather(crew, 6)

    scores = {request: scores for each in found for request, scores in zip(each.requests, each.scores)}
    assert FakeScorer().score(FakeGenerator().generate(REQUESTS), "") == [scores[request] for request in REQUESTS]


def test_a_killed_worker_loses_nothing(storage):
    """An order whose worker says nothing for the time of grace goes to another; one that beats is left alone."""
    now = [0.0]
    queue = crew_parts.make_queue(storage)
    crew = Crew(queue, FakeGenerator(), clock=lambda: now[0], pause=lambda _: None)
    crew.submit(REQUESTS[:1], keep=False)
    crew.submit(REQUESTS[2:3], keep=False)
    (dead, _), (alive, _) = queue.take(), queue.take()
    for count in range(1, 5):
        queue.beat(alive, count)
        crew.collect()
        now[0] += 0.4

    other = crew_parts.join_queue(storage)
    retaken = other.take()
    assert (dead, None) == (retaken[0], other.take())


def test_a_failed_order_goes_to_another_worker(storage):
    """What fails twice is drawn the third time."""
    crew = Crew(crew_parts.make_queue(storage), FakeGenerator())
    with crew_parts.working(storage, Fails(2)):
        crew.submit(REQUESTS[:2], keep=False)

        assert set(REQUESTS[:2]) == {request for each in gather(crew, 2) for request in each.requests}


def test_what_fails_again_and_again_is_told(storage):
    """After three faults the study hears what the worker heard."""
    queue = crew_parts.make_queue(storage)
    crew = Crew(queue, FakeGenerator(), pause=lambda _: None)
    crew.submit(REQUESTS[:1], keep=False)

    def fail_and_collect() -> None:
        for _ in range(3):
            queue.fail(queue.take()[0], "Out of paint.")
            crew.collect()

    with pytest.raises(GeneratorError, match=r"failed 3 times over one picture, at last so: Out of paint\."):
        fail_and_collect()


def test_a_new_coordinator_takes_up_what_was_ordered(storage):
    """Orders placed before a crash are neither placed nor drawn again: those done, those taken and those waiting."""
    first = Crew(crew_parts.make_queue(storage), FakeGenerator())
    for request in REQUESTS[:3]:
        first.submit([request], keep=False)
    generator = FakeGenerator()
    with crew_parts.working(storage, generator):
        second = Crew(crew_parts.make_queue(storage), FakeGenerator())
        for request in REQUESTS[:4]:
            second.submit([request], keep=False)
        gather(second, 4)

    assert (4, 4) == (generator.pictures, len(crew_parts.make_queue(storage).trials()))


def test_room_grows_with_the_workers(storage):
    """Some orders always wait, more when more workers are busy."""
    queue = crew_parts.make_queue(storage)
    crew = Crew(queue, FakeGenerator(), pause=lambda _: None)
    rooms = [crew.room]
    for request in REQUESTS[:4]:
        crew.submit([request], keep=False)
    rooms.append(crew.room)
    for _ in range(4):
        queue.take()
    crew.collect()
    rooms.append(crew.room)

    assert [2, 0, 4] == rooms


@pytest.mark.parametrize(
    ("pictures", "sizes"), [(2, [1, 1]), (6, [1, 2, 1, 2]), (16, [4, 4, 4, 4]), (18, [2, 2, 2, 3, 2, 2, 2, 3])]
)
def test_orders_are_cut_so_that_workers_end_together(storage, pictures: int, sizes: list[int]):
    """Four workers get as many orders each, as large as each other, none larger than a batch."""
    queue = crew_parts.make_queue(storage)
    crew = Crew(queue, FakeGenerator(batch_size=4))

    crew.submit([replace(REQUESTS[0], seed=seed) for seed in range(pictures)], keep=False)

    assert sizes == [len(order_of(trial).seeds) for trial in queue.trials()]


def test_idle_workers_draw_what_is_needed_later(make_evaluator, baseline, storage):
    """While a study waits, its workers draw the baseline's later pictures; these count only when they are asked for."""
    evaluator = make_evaluator(Crew(crew_parts.make_queue(storage), FakeGenerator(batch_size=4)), FakeScorer())
    generator = FakeGenerator()
    evaluator.order_when_idle(range(10, 16))
    with crew_parts.working(storage, generator):
        evaluator.scores(BASELINE, [1], "baseline")
        while not evaluator.is_recorded(BASELINE, range(10, 16)):
            evaluator.take_in("search")
    before = evaluator.pictures
    evaluator.scores(BASELINE, range(10, 16), "proof")

    assert (1, 7, 7) == (before, evaluator.pictures, generator.pictures)
    assert len(evaluator.kept_pictures(BASELINE, range(10, 16))) == 6


def test_it_gives_no_pictures(storage):
    """Asked as a generator it refuses: pictures stay with the workers."""
    crew = Crew(crew_parts.make_queue(storage), FakeGenerator())

    with pytest.raises(GeneratorError, match="scores, not pictures"):
        crew.generate(REQUESTS)
    assert ("fake, by workers", None) == (crew.name, crew.lora_names())


def test_a_whole_study_by_three_workers_one_of_which_dies(plan, storage, tmp_path: Path):
    """The study ends within its budget, keeps the pictures of its proof, and draws nothing twice."""
    queue = crew_parts.make_queue(storage)
    generators = [FakeGenerator(batch_size=2), FakeGenerator(batch_size=2)]
    crew = Crew(queue, FakeGenerator(batch_size=2))
    taken = threading.Event()

    def die() -> None:
        while queue.take() is None:
            taken.wait(0.01)
        taken.set()

    threading.Thread(target=die, daemon=True).start()
    with crew_parts.working(storage, *generators):
        outcome = run_study(plan, crew, FakeScorer(), None, tmp_path / "study")
    crew.close()

    assert taken.is_set()
    assert outcome.verdict in (Verdict.GAIN, Verdict.NO_GAIN)
    assert sum(generator.pictures for generator in generators) == outcome.pictures <= plan.picture_budget
    assert all((tmp_path / "study" / pair.challenger_picture).exists() for pair in outcome.held_out.pairs)


def test_a_study_that_has_ended_is_run_again_without_a_picture(plan, storage, tmp_path: Path):
    """On the storage of its first run nothing is ordered anew, though the pictures that workers sent are gone there."""
    drawn = []
    for _ in range(2):
        generator, crew = FakeGenerator(), Crew(crew_parts.make_queue(storage), FakeGenerator(batch_size=2))
        with crew_parts.working(storage, generator):
            run_study(plan, crew, FakeScorer(), None, tmp_path / "study")
        crew.close()
        drawn.append(generator.pictures)

    assert drawn[0] > 0
    assert 0 == drawn[1]
