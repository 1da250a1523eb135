"""A second proof, asked for where the first could not tell."""

import json
import shutil
from pathlib import Path

import pytest

from counterprompt.errors import InvalidInputError, StoppedError
from counterprompt.generation.fake import FakeGenerator, FakeScorer
from counterprompt.search.folder import OUTCOME_FILE, hold_folder
from counterprompt.search.outcome import Outcome
from counterprompt.search.plan import StudyPlan, plan_study
from counterprompt.search.second_proof import (
    SECOND_PROOF_FILE,
    order_second_proof,
    ordered_proof,
    second_proof_seeds,
)
from counterprompt.search.space import space_for
from counterprompt.search.study import resume_study, run_study
from counterprompt.search.verification import Verdict


@pytest.fixture(scope="module")
def unproven(tmp_path_factory) -> tuple[StudyPlan, Outcome, Path]:
    """A study whose three proof seeds are too few to tell: its plan, outcome and folder."""
    from counterprompt.negative.layers import NegativeLayer
    from counterprompt.ports import GenerationRequest

    baseline = GenerationRequest("a house <lora:style:1>", "painting,", 7, cfg_scale=5.0, width=32, height=32)
    layers = (NegativeLayer("base", ("low quality", "blurry")), NegativeLayer("style", ("painting", "watermark")))
    plan = plan_study(baseline, space_for(baseline, layers), 60, search_seed=5, proof_seeds=3)
    folder = tmp_path_factory.mktemp("unproven") / "study"
    return plan, run_study(plan, FakeGenerator(batch_size=2), FakeScorer(), None, folder), folder


@pytest.fixture
def study(unproven, tmp_path: Path) -> Path:
    """A copy of the unproven study's folder."""
    return Path(shutil.copytree(unproven[2], tmp_path / "study"))


def test_the_second_proof_is_the_candidates_on_other_seeds(unproven, study: Path):
    """Only the new pairs are drawn; candidate and first proof stay as they were, and the verdict is the new seeds'."""
    plan, before, _ = unproven
    seeds, generator = order_second_proof(study), FakeGenerator(batch_size=2)

    after = resume_study(study, generator, FakeScorer())

    used = {pair.seed for pair in after.held_out.pairs}
    assert (Verdict.NO_GAIN, Verdict.GAIN) == (before.verdict, after.verdict)
    assert (before.challenger, before.held_out) == (after.challenger, after.first_proof)
    assert 2 * seeds == generator.pictures == after.pictures - before.pictures
    assert seeds == len(used)
    assert not used & {*plan.search_seeds, *plan.proof_seeds}
    assert after.winner == after.challenger


def test_a_second_proof_that_is_interrupted_goes_on(study: Path, stops_at):
    """Stopped in its middle, it is finished by the next run, with the outcome of one that was not stopped."""
    order_second_proof(study, 12)
    other = Path(shutil.copytree(study, study.with_name("other")))
    whole = resume_study(other, FakeGenerator(batch_size=2), FakeScorer())
    generator = FakeGenerator(batch_size=2)

    with pytest.raises(StoppedError):
        resume_study(study, generator, FakeScorer(), stops_at(70))
    after = resume_study(study, generator, FakeScorer())

    assert whole == after
    assert 24 == generator.pictures


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"first_proof": {}}, "had its second proof"),
        ({"verdict": "gain"}, "has proven its gain"),
        ({"is_open": False}, "More seeds would tell nothing"),
        ({"telling_seeds": None}, "too little better"),
    ],
)
def test_there_are_two_proofs_at_most(study: Path, changed: dict[str, object], said: str):
    """A third proof is refused, and a second one where the gain is proven or tiny, or where seeds would not help."""
    outcome = json.loads((study / OUTCOME_FILE).read_text())
    (study / OUTCOME_FILE).write_text(json.dumps({**outcome, **changed}))

    with pytest.raises(InvalidInputError, match=said):
        order_second_proof(study)
    assert ordered_proof(study) is None


def test_only_an_ended_study_that_does_not_run_is_proven_again(study: Path):
    """One that runs is left alone, its note too, and one that has not ended has to end first."""
    with hold_folder(study), pytest.raises(InvalidInputError, match="is running already"):
        order_second_proof(study)
    (study / OUTCOME_FILE).unlink()

    with pytest.raises(InvalidInputError, match="has not ended"):
        order_second_proof(study)
    assert ordered_proof(study) is None


def test_another_candidate_has_its_own_first_proof(unproven, study: Path):
    """Where the choice has moved since the order, as somebody's answers move it, the order is of no effect."""
    before = unproven[1]
    order_second_proof(study, 12)
    order = json.loads((study / SECOND_PROOF_FILE).read_text())
    order["challenger"]["negative_prompt"] += ", other"
    (study / SECOND_PROOF_FILE).write_text(json.dumps(order))
    generator = FakeGenerator(batch_size=2)

    after = resume_study(study, generator, FakeScorer())

    assert before == after
    assert 0 == generator.pictures


def test_bad_numbers_of_seeds_are_refused(study: Path):
    """Seeds below 8 or above 512 are no proof."""
    for seeds in (7, 513):
        with pytest.raises(InvalidInputError, match=f"{seeds} seeds are no second proof; give 8 to 512"):
            order_second_proof(study, seeds)


@pytest.mark.parametrize("text", ["{", "[]", "", '{"seeds": "many"}', '{"seeds": 9000, "challenger": {}}'])
def test_a_damaged_note_names_its_file(study: Path, text: str):
    """Whatever stands there, deleting it is the remedy, not a new study."""
    (study / SECOND_PROOF_FILE).write_text(text)

    with pytest.raises(InvalidInputError, match=r"second_proof\.json is damaged; delete it"):
        ordered_proof(study)


def test_fewer_seeds_are_the_first_of_more(unproven):
    """A second proof ordered anew with more seeds goes on with the pictures that are there."""
    plan = unproven[0]

    assert second_proof_seeds(plan, 8) == second_proof_seeds(plan, 40)[:8]
    assert 40 == len(set(second_proof_seeds(plan, 40)))
    assert () == second_proof_seeds(plan, 0)
