"""From a study's outcome to the content of its report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from counterprompt.report.content import Control, FieldValues, HeldOutResult, HistoryPoint, ReportContent, SeedPair
from counterprompt.report.cross_checks import AuditResult, CfgShare
from counterprompt.report.effects import effect_rows
from counterprompt.report.explanations import DefectRate
from counterprompt.report.faults import staying_faults
from counterprompt.report.guards import guard_breakers, guard_rows
from counterprompt.report.own_choices import own_choices
from counterprompt.report.picture_record import PictureRecord
from counterprompt.report.rule_findings import rule_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterprompt.search.frozen_cfg import FrozenCfg
    from counterprompt.search.outcome import Outcome, Settings, TrialSummary
    from counterprompt.search.plan import StudyPlan
    from counterprompt.search.timing import TimedVariant
    from counterprompt.search.verification import HeldOut


@dataclass(frozen=True)
class Findings:
    """What was measured beside the study itself."""

    picture: PictureRecord = field(default_factory=PictureRecord)
    """What was read from the dropped picture."""
    controls: tuple[Control, ...] = ()
    """Fixed negatives on the held-out seeds."""
    control_pictures: int = 0
    """Pictures that the controls took."""
    judged: tuple[DefectRate, ...] = ()
    """True defect rates, or ()."""
    judged_pictures: int = 0
    """Pictures of each side that the judge saw."""
    audit: AuditResult | None = None
    """What the auditor says, or None."""
    created: str = ""
    """ISO 8601 date and time, UTC."""
    elapsed: str = ""
    """How long it took, in words, or ""."""


def assemble_report(outcome: Outcome, plan: StudyPlan, findings: Findings, study: str) -> ReportContent:
    """Join *outcome* and *findings* into the content of one report; *study* is the folder shown in it."""
    is_gain = outcome.verdict.value == "gain"
    held_out = outcome.held_out
    challenger = outcome.challenger
    return ReportContent(
        verdict=outcome.verdict.value,
        reason=outcome.reason,
        created=findings.created,
        generator=outcome.generator,
        baseline=_fields(outcome.baseline, plan),
        winner=_fields(outcome.winner, plan),
        candidate=None if is_gain or challenger is None else _fields(challenger, plan),
        held_out=_result(held_out),
        first_proof=None if outcome.first_proof is None else _result(outcome.first_proof),
        telling_seeds=outcome.telling_seeds,
        pictures=outcome.pictures + findings.control_pictures,
        study=study,
        picture=findings.picture,
        pairs=tuple(
            SeedPair(pair.seed, pair.baseline_picture, pair.challenger_picture, pair.delta.total)
            for pair in held_out.pairs
        ),
        history=_history(outcome.history),
        effects=effect_rows(outcome),
        guards=guard_rows(outcome),
        guard_breakers=guard_breakers(outcome),
        rule_findings=rule_findings(outcome, plan, findings.controls),
        staying=staying_faults(outcome.untreatable),
        probes=tuple(DefectRate(*row) for row in held_out.artifacts),
        judged=findings.judged,
        judged_pictures=findings.judged_pictures,
        controls=findings.controls,
        own_choices=own_choices(outcome.taste),
        cfg_share=_cfg_share(outcome.frozen_cfg),
        audit=findings.audit,
        measured=_measured(outcome, plan, findings),
    )


def _result(proof: HeldOut) -> HeldOutResult:
    return HeldOutResult(len(proof.pairs), proof.gain, proof.ci95, proof.win_rate, proof.luck)


def _fields(settings: Settings, plan: StudyPlan) -> FieldValues:
    baseline = plan.baseline
    sampler_name = baseline.sampler_name + ("" if baseline.scheduler == "Automatic" else f" {baseline.scheduler}")
    others = (
        ("Steps", str(baseline.steps)),
        ("Sampler", sampler_name),
        ("Size", f"{baseline.width}x{baseline.height}"),
    )
    return FieldValues(settings.prompt, settings.negative_prompt, settings.cfg_scale, settings.loras, others)


def _timing_words(timings: Sequence[TimedVariant]) -> str:
    told = []
    for each in timings:
        when = f"up to {each.stop:.0%} of the steps" if each.start is None else f"from {each.start:.0%} of the steps on"
        told.append(
            f"words that act {when}: {each.gain:+.2f} σ against always (95 % interval {each.ci95[0]:+.2f} to "
            f"{each.ci95[1]:+.2f}, {each.seeds} search seeds), {'taken' if each.is_used else 'not taken'}"
        )
    return "; ".join(told)


def _guard_words(plan: StudyPlan) -> str:
    own = plan.guard_limits.own
    if not own:
        return "as usual"
    return f"your own limits: {', '.join(f'{name} {limit:g}' for name, limit in own.items())}; the others as usual"


def _cfg_share(frozen: FrozenCfg | None) -> CfgShare | None:
    if frozen is None:
        return None
    return CfgShare(
        own_cfg_scale=frozen.cfg_scale,
        seeds=frozen.seeds,
        gain=frozen.gain,
        ci95=frozen.ci95,
        winner_gain=frozen.winner_gain,
        cfg_gain=frozen.cfg_gain,
        cfg_ci95=frozen.cfg_ci95,
    )


def _history(trials: tuple[TrialSummary, ...]) -> tuple[HistoryPoint, ...]:
    points, pictures, best = [], 0, 0.0
    for trial in trials:
        pictures += trial.seeds
        best = max(best, trial.believed)
        points.append(HistoryPoint(pictures, trial.components.total, best))
    return tuple(points)


def _measured(outcome: Outcome, plan: StudyPlan, findings: Findings) -> tuple[tuple[str, str], ...]:
    weights = plan.score_weights
    elapsed = f" in {findings.elapsed}" if findings.elapsed else ""
    return (
        ("Drawn by", outcome.generator),
        ("Scored by", outcome.scorer),
        (
            "Objective",
            f"aesthetic {weights.aesthetic:g}, fewer artifacts {weights.artifacts:g}, "
            f"lost fidelity {weights.fidelity:g}, broken signals {weights.signals:g}, "
            f"preference {weights.preference:g} where a model is asked; "
            "each in standard deviations of your settings over seeds",
        ),
        ("Guards", _guard_words(plan)),
        ("Search seeds", f"{len(plan.search_seeds)}, shared by all candidates, two at a time"),
        ("Proof seeds", _proof_words(outcome, plan)),
        ("Budget", f"{_budget_words(plan)}; {outcome.pictures} generated{elapsed}"),
        ("Controls", f"{findings.control_pictures} pictures more" if findings.controls else "none"),
        *((("Schedules", _timing_words(outcome.timings)),) if outcome.timings else ()),
        *((("Found on the way", ", ".join(outcome.found_later)),) if outcome.found_later else ()),
        ("Interval", "95 %, Welch's t over differences on the same seeds, less your settings' luck on these"),
        (
            "Search",
            f"Optuna, sampling by the effects of all pieces, search seed {plan.search_seed}{_early_words(outcome)}",
        ),
    )


def _proof_words(outcome: Outcome, plan: StudyPlan) -> str:
    second = "" if outcome.first_proof is None else f", then {len(outcome.held_out.pairs)} others for the second proof"
    return f"{len(plan.proof_seeds)}{second}; nothing is searched on them"


def _early_words(outcome: Outcome) -> str:
    if not outcome.saved:
        return ""
    return (
        f"; it ended {outcome.saved} pictures early, since nothing left to try was likely to gain anything worthwhile"
    )


def _budget_words(plan: StudyPlan) -> str:
    return f"{plan.picture_budget} pictures" if plan.minutes is None else f"{plan.minutes:g} minutes"
