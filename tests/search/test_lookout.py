"""Evidence gathered again while the search runs."""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from counterprompt.errors import GeneratorError
from counterprompt.generation.fake import FakeGenerator, FakeScorer, FakeWorld
from counterprompt.negative.layers import NegativeLayer
from counterprompt.ports import GenerationRequest
from counterprompt.search.outcome import Outcome
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.space import SearchSpace
from counterprompt.search.study import run_study
from counterprompt.search.trial_file import open_optuna_study
from counterprompt.tags.observed import ObservedTag, ObservedTags, TagCategory


@dataclass(frozen=True)
class HydraWorld(FakeWorld):
    """Where blur is cured a dark frame appears, which no baseline picture shows."""

    defects: tuple[tuple[str, float], ...] = (("blurry", 0.9), ("dark frame", 0.5))

    def _probability(self, name: str, probability: float, terms: frozenset[str]) -> float:
        if name == "dark frame" and "blurry" not in terms:
            return 0.0
        return super()._probability(name, probability, terms)


class SeesSignatures:
    """A tagger that sees a signature in every picture it is shown."""

    vocabulary = frozenset({"signature"})

    def __init__(self) -> None:
        self.seen = 0

    def tag(self, images):
        """Say so, and count."""
        self.seen += len(images)
        tags = (ObservedTag("signature", TagCategory.GENERAL, 0.9),)
        return [ObservedTags(tags, self.vocabulary) for _ in images]


class BreaksDown(FakeGenerator):
    """Fails when it has generated *limit* pictures."""

    def __init__(self, limit: int) -> None:
        super().__init__(HydraWorld(), batch_size=2)
        self.limit = limit

    def generate(self, requests):
        """Generate, or fail."""
        if self.pictures + len(requests) > self.limit:
            raise GeneratorError("Out of memory; try smaller pictures.")
        return super().generate(requests)


def _plan(looks_again: bool, search_seed: int = 0) -> StudyPlan:
    baseline = GenerationRequest("a house", "", 7, width=32, height=32)
    space = SearchSpace((NegativeLayer("base", ("blurry", "low quality", "grainy", "noisy")),), cfg_range=(5.0, 9.0))
    return plan_study(baseline, space, 160, looks_again=looks_again, search_seed=search_seed)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Path, int]:
    """A study that looks again, its folder, and the pictures it took."""
    folder, generator = tmp_path_factory.mktemp("hydra") / "one", FakeGenerator(HydraWorld(), batch_size=2)
    return run_study(_plan(True), generator, FakeScorer(), None, folder), folder, generator.pictures


def test_what_grows_where_something_was_cured_is_cured_too(finished: tuple[Outcome, Path, int], tmp_path: Path):
    """A defect that only the best candidates show joins the search and ends in the winner; without a look it stays."""
    found, _, _ = finished
    blind = run_study(_plan(False), FakeGenerator(HydraWorld()), FakeScorer(), None, tmp_path)

    assert ("dark frame",) == found.found_later
    assert "dark frame" in found.winner.negative_prompt
    assert () == blind.found_later
    assert "dark frame" not in blind.winner.negative_prompt


def test_a_look_costs_no_picture(finished: tuple[Outcome, Path, int]):
    """The budget is kept, and the trial that followed each look says what was found, once."""
    outcome, folder, generated = finished
    found = [
        trial.user_attrs["found"]
        for trial in open_optuna_study(folder / "trials.journal").trials
        if "found" in trial.user_attrs
    ]

    assert generated == outcome.pictures <= 160
    assert [[], ["dark frame"]] == sorted(found)


def test_where_nothing_is_found_nothing_changes(tmp_path: Path):
    """A look that finds nothing leaves every trial as it would have been: it can do no harm."""
    plain = replace(HydraWorld(), defects=(("blurry", 0.9),))
    outcomes = [
        run_study(_plan(looks), FakeGenerator(plain), FakeScorer(), None, tmp_path / str(looks))
        for looks in (False, True)
    ]

    assert outcomes[0] == outcomes[1]


def test_a_study_killed_after_a_look_ends_the_same(finished: tuple[Outcome, Path, int], tmp_path: Path):
    """Broken off every thirteen pictures, it finds the same, draws nothing twice and ends the same."""
    outcome, _, generated = finished
    total, resumed = 0, None
    while resumed is None:
        generator = BreaksDown(13)
        with suppress(GeneratorError):
            resumed = run_study(_plan(True), generator, FakeScorer(), None, tmp_path)
        total += generator.pictures

    assert (generated, outcome) == (total, resumed)


def test_lost_trials_find_the_same_again(finished: tuple[Outcome, Path, int], tmp_path: Path):
    """From the scores alone the same study is rebuilt, its looks too."""
    outcome, folder, _ = finished
    (tmp_path / "scores.sqlite3").write_bytes((folder / "scores.sqlite3").read_bytes())

    assert outcome == run_study(_plan(True), BreaksDown(0), FakeScorer(), None, tmp_path)


def test_the_tagger_looks_too(tmp_path: Path):
    """What it sees on the best pictures joins; it is shown some of the search's pictures, not all."""
    tagger = SeesSignatures()
    plan = _plan(True)
    tagger.tag = _blind_to_the_first(tagger, len(plan.search_seeds))  # type: ignore[method-assign]
    outcome = run_study(plan, FakeGenerator(HydraWorld()), FakeScorer(), None, tmp_path, tagger)

    assert "signature" in outcome.found_later
    assert len(plan.search_seeds) < tagger.seen < 60


def _blind_to_the_first(tagger: SeesSignatures, count: int):
    """Let *tagger* see nothing in the first *count* pictures, the baseline's."""
    see = tagger.tag

    def tag(images):
        is_first = tagger.seen < count
        seen = see(images)
        return [ObservedTags((), tagger.vocabulary) for _ in images] if is_first else seen

    return tag
