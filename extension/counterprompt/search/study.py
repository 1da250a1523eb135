"""One study from plan to outcome: baseline, evidence, search, choice, ablation, proof."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from counterprompt.errors import InvalidInputError
from counterprompt.ports import ImageGenerator, ProgressListener, Scorer, Scores, SilentProgress, Tagger
from counterprompt.search.anti_prompt import anti_prompt_terms
from counterprompt.search.candidate import BASELINE
from counterprompt.search.challenge import find_challenge
from counterprompt.search.evaluation import Evaluator
from counterprompt.search.evidence import terms_from_probes, terms_from_tags, without_asked
from counterprompt.search.folder import OUTCOME_FILE, TRIALS_FILE, create_folder, hold_folder, load_plan, write_json
from counterprompt.search.lookout import Lookout
from counterprompt.search.outcome import Outcome, history_of, reason_for, settings_of
from counterprompt.search.record import ScoreRecord
from counterprompt.search.second_proof import ordered_proof
from counterprompt.search.settled import SettledRule
from counterprompt.search.taste.interview import Asking, Interview
from counterprompt.search.taste.proof import decide, reason_by_pairs
from counterprompt.search.time_limit import budget_of
from counterprompt.search.trial_file import TrialFile
from counterprompt.search.trials import SearchStage
from counterprompt.search.verification import Verdict

if TYPE_CHECKING:
    from counterprompt.search.objective import Objective
    from counterprompt.search.plan import StudyPlan
    from counterprompt.search.space import SearchSpace


def run_study(
    plan: StudyPlan,
    generator: ImageGenerator,
    scorer: Scorer,
    progress: ProgressListener | None,
    storage_path: Path,
    tagger: Tagger | None = None,
    asking: Asking | None = None,
) -> Outcome:
    """Run the study of *plan* in the folder *storage_path*, or go on with the one that was interrupted there.

    Every score is recorded before the next picture starts; a picture once scored is not generated again. The same
    plan, generator and scorer give the same outcome, however often the study was interrupted. With a *tagger* the
    defects that it sees on the first baseline pictures are on offer too. *asking* names who chooses among pictures
    beside the scorer; answers that lie in the folder are heard in any case.

    Raises:
        InvalidInputError: nothing could be varied, the folder holds another study, or this one is running already.
        StoppedError: *progress* asked to stop; call again to go on.
        GeneratorError: from the generator; call again to go on.
        ScorerError: from the scorer.
    """
    if plan.space.is_empty:
        raise InvalidInputError(
            f"There is nothing to search at CFG {plan.baseline.cfg_scale:g}: no layers, LoRA or CFG range are offered; "
            "a CFG scale above 1 lets the negative prompt act."
        )
    folder = Path(storage_path)
    create_folder(folder, plan, scorer.name)
    listener = progress or SilentProgress()
    with hold_folder(folder), closing(ScoreRecord(folder, scorer.name)) as record:
        evaluator = Evaluator(plan.baseline, generator, scorer, record, listener, plan.picture_budget)
        evaluator.keeps_all = asking is not None and asking.person is not None
        outcome = _run_stages(plan, evaluator, folder, generator.name, scorer.name, tagger, asking)
        write_json(folder / OUTCOME_FILE, outcome.to_json())
        listener.advance("finished", evaluator.budget, evaluator.budget, outcome.verdict.value)
    return outcome


def resume_study(
    storage_path: Path,
    generator: ImageGenerator,
    scorer: Scorer,
    progress: ProgressListener | None = None,
    tagger: Tagger | None = None,
    asking: Asking | None = None,
) -> Outcome:
    """Go on with the study in the folder *storage_path*; its plan is read from there.

    Raises:
        InvalidInputError: no study lives there, or it was scored by another scorer.
    """
    return run_study(load_plan(Path(storage_path)), generator, scorer, progress, storage_path, tagger, asking)


def _run_stages(
    plan: StudyPlan,
    evaluator: Evaluator,
    folder: Path,
    generator_name: str,
    scorer_name: str,
    tagger: Tagger | None,
    asking: Asking | None,
) -> Outcome:
    budget = budget_of(plan, evaluator, folder)
    plan = budget.plan
    objective, stage = open_search(plan, evaluator, tagger)
    evaluator.pace.tell(evaluator.budget - evaluator.pictures + plan.pictures_after)
    interview = Interview(folder, plan, scorer_name, stage.sampler, asking, evaluator.pace.standing_still)
    stage.before_trial = lambda file: interview.consult(file, evaluator.pictures / plan.search_pictures)
    stage.after_widening = interview.repeat
    rule = SettledRule(stage.sampler, plan.search_seed) if plan.stops_early else None
    trials = stage.run(folder / TRIALS_FILE, budget.search_pictures, rule)
    early = max(0, budget.search_pictures() - evaluator.pictures) if rule is not None and rule.is_settled else 0
    interview.consult(TrialFile(folder / TRIALS_FILE), 1.0)
    pictures, saved = budget.end_search(early)
    second = ordered_proof(folder)
    challenge = find_challenge(plan, pictures, stage.space, evaluator, objective, stage.sampler, second)
    verdict = challenge.held_out.verdict if challenge.is_proven else Verdict.NO_GAIN
    pairs = interview.prove(challenge.held_out)
    verdict = decide(verdict, pairs)
    winner = challenge.candidate if verdict is Verdict.GAIN and challenge.candidate else BASELINE
    return Outcome(
        verdict=verdict,
        reason=reason_by_pairs(pairs) or reason_for(verdict, challenge.held_out, challenge.is_proven),
        baseline=settings_of(BASELINE, plan.baseline),
        winner=settings_of(winner, plan.baseline),
        challenger=None if challenge.candidate is None else settings_of(challenge.candidate, plan.baseline),
        held_out=challenge.held_out,
        first_proof=challenge.first_proof,
        pictures=evaluator.pictures,
        history=history_of(trials, stage.believed(trials), plan.baseline),
        importance=challenge.effects,
        generator=generator_name,
        scorer=scorer_name,
        found_later=stage.found,
        frozen_cfg=challenge.frozen_cfg,
        timings=challenge.timings,
        taste=interview.summary(pairs),
        saved=saved,
    )


def open_search(plan: StudyPlan, evaluator: Evaluator, tagger: Tagger | None = None) -> tuple[Objective, SearchStage]:
    """Score the baseline, gather the evidence, and set up the search of *plan*; raises what `run_study` raises."""
    evaluator.order_when_idle(plan.proof_seeds)
    baseline_scores = evaluator.scores(BASELINE, plan.search_seeds, "baseline", keep=True)
    objective = plan.objective_over(baseline_scores)
    space = _space_with_evidence(plan, baseline_scores, evaluator, tagger)
    stage = SearchStage(evaluator, objective, space, plan.search_seeds, plan.search_seed)
    if plan.looks_again and space.offered_layers:
        stage.lookout = Lookout(evaluator, plan.search_pictures, tagger)
    return objective, stage


def _space_with_evidence(
    plan: StudyPlan, baseline_scores: list[Scores], evaluator: Evaluator, tagger: Tagger | None
) -> SearchSpace:
    """Offer the terms of failed probes and of defects that are seen too, unless the prompt asks for them."""
    if not (plan.space.layers or plan.space.dynamic_terms):
        return plan.space
    terms = list(terms_from_probes(baseline_scores))
    if plan.anti_prompt_seeds:
        terms += anti_prompt_terms(evaluator, tagger, plan.search_seeds[: plan.anti_prompt_seeds])
    if tagger is not None:
        terms += terms_from_tags(tagger.tag(evaluator.kept_pictures(BASELINE, plan.search_seeds)))
    return plan.space.with_dynamic_terms(without_asked(terms, plan.baseline.prompt))
