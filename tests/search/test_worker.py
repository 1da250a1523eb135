"""One worker: it does what is ordered, says what goes wrong, and gives back what it cannot finish."""

import importlib.util
import time
from dataclasses import replace
from pathlib import Path

import pytest

from counterprompt.errors import GeneratorError, InvalidInputError, ScorerError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.ports import GenerationRequest, SilentProgress
from counterprompt.search.order_trials import beat_of, fault_of
from counterprompt.search.orders import Order
from counterprompt.search.work_queue import WorkQueue
from counterprompt.search.worker import Worker

spec = importlib.util.spec_from_file_location("crew_parts", Path(__file__).with_name("crew_parts.py"))
crew_parts = importlib.util.module_from_spec(spec)
spec.loader.exec_module(crew_parts)

ORDER = Order(GenerationRequest("a house", "", 0, width=32, height=32), (0, 1, 2), keep=False)


@pytest.fixture
def storage():
    """A storage in memory, which threads can share."""
    from optuna.storages import InMemoryStorage

    return InMemoryStorage()


class Raises(FakeGenerator):
    """Raises what it was given."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def generate(self, requests):
        """Raise."""
        raise self.error


def test_it_works_until_the_study_has_ended(storage):
    """Every order is done, and the end of the study is the worker's end."""
    queue = crew_parts.make_queue(storage)
    queue.put([ORDER])
    queue.put([replace(ORDER, seeds=(7,))])
    worker = crew_parts.make_worker(storage, pause=lambda _: queue.close())

    assert 4 == worker.run()
    assert ["COMPLETE", "COMPLETE"] == [trial.state.name for trial in queue.trials()]


def test_three_faults_in_a_row_end_it(storage):
    """Each order says what went wrong; the worker ends with it instead of spoiling more."""
    queue = crew_parts.make_queue(storage)
    for seed in range(5):
        queue.put([replace(ORDER, seeds=(seed,))])

    with pytest.raises(GeneratorError, match="Gone"):
        crew_parts.make_worker(storage, Raises(GeneratorError("Gone."))).run()
    assert ["Gone."] * 3 == [fault_of(trial) for trial in queue.trials() if trial.state.name == "FAIL"]
    assert 2 == sum(trial.state.name == "WAITING" for trial in queue.trials())


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ZeroDivisionError()])
def test_an_interrupted_worker_gives_its_order_back(storage, error: BaseException):
    """Ctrl-C, or an error that nobody foresaw: the order waits for another worker at once."""
    queue = crew_parts.make_queue(storage)
    queue.put([ORDER])

    with pytest.raises(type(error)):
        crew_parts.make_worker(storage, Raises(error)).run()
    assert ["WAITING"] == [trial.state.name for trial in queue.trials()]


def test_it_says_that_it_is_alive(storage):
    """During a slow picture the worker beats."""

    class Slow(FakeGenerator):
        def generate(self, requests):
            time.sleep(0.5)
            return super().generate(requests)

    queue = crew_parts.make_queue(storage)
    queue.put([ORDER])
    crew_parts.make_worker(storage, Slow(), pause=lambda _: queue.close()).run()

    assert 1 <= beat_of(queue.trials()[0])


def test_another_scorer_or_model_is_refused(storage):
    """Scores of different scorers, pictures of different models: a study mixes neither."""
    crew_parts.make_queue(storage, "one", replace(crew_parts.TERMS, scorer="real"))
    crew_parts.make_queue(storage, "two")

    with pytest.raises(InvalidInputError, match="scored by real, not fake"):
        crew_parts.make_worker(storage)
    with pytest.raises(InvalidInputError, match="drawn by fake, this worker would draw with other"):
        crew_parts.make_worker(storage, name="two", model="other")


def test_only_the_studys_probes_are_handed_in(storage):
    """A probe that the study left out stays out; one that the worker lacks is a fault."""
    queue = crew_parts.make_queue(storage, terms=replace(crew_parts.TERMS, probes=("blurry",)))
    lacking = crew_parts.make_queue(storage, "two", replace(crew_parts.TERMS, probes=("blurry", "ugly")))
    queue.put([ORDER])
    crew_parts.make_worker(storage, pause=lambda _: queue.close()).run()
    for seed in range(3):
        lacking.put([replace(ORDER, seeds=(seed,))])

    assert {"blurry"} == set(queue.result(queue.trials()[0]).scores[0].artifacts)
    with pytest.raises(ScorerError, match="no probe for ugly"):
        crew_parts.make_worker(storage, name="two").run()


def test_a_defect_that_the_prompt_asks_for_is_no_fault(storage):
    """A tagger's scorer says nothing of it; the study's other defects are handed in."""

    class Asked(FakeScorer):
        defects = ("blurry", "watermark", "tagger: text")

        def score(self, images, prompt):
            return [
                replace(each, artifacts={"blurry": 0.5, "watermark": 0.5}) for each in super().score(images, prompt)
            ]

    queue = crew_parts.make_queue(storage, terms=replace(crew_parts.TERMS, probes=("blurry", "tagger: text")))
    queue.put([ORDER])
    Worker(WorkQueue.join(storage, "one"), FakeGenerator(), Asked(), SilentProgress()).step()

    assert {"blurry": 0.5} == queue.result(queue.trials()[0]).scores[0].artifacts
