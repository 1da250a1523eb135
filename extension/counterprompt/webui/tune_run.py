"""What the script "Counterprompt: tune" does when the user presses Generate."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from counterprompt.errors import CounterpromptError, InvalidInputError, StoppedError
from counterprompt.negative.muteness import find_muteness
from counterprompt.webui.faults import describe_fault
from counterprompt.webui.guidance import guidance_of
from counterprompt.webui.in_process import InProcessGenerator, fill_in
from counterprompt.webui.kept_state import host_state_kept
from counterprompt.webui.served import refuse_unserved
from counterprompt.webui.tune_answer import TUNED_FIELD, empty_answer, paired, summary_lines
from counterprompt.webui.tune_progress import is_interrupted, show_status
from counterprompt.webui.tune_study import TuneStudy, open_study
from counterprompt.webui.txt2img_settings import fingerprint, is_seed_random, request_of, seeds_to_show, style_names

if TYPE_CHECKING:
    from counterprompt.ports import GenerationRequest
    from counterprompt.report.content import FieldValues, ReportContent
    from counterprompt.workflow.baseline import TuneChoices


def run_tune(p: Any, *arguments: Any) -> Any:
    """Run the study and return the winner's pictures beside the user's own; the panel's values are the *arguments*."""
    study: TuneStudy | None = None
    try:
        from counterprompt.webui.tune_panel import choices_of

        choices, batch_size = choices_of(*arguments)
        remarks = _refuse_mute(p)
        generator = InProcessGenerator.for_script(p, batch_size=batch_size)
        study = _open(p, choices)
        content = _run(study, generator)
        for line in summary_lines(content, study.folder.name, [*remarks, *_what_stays(p)]):
            p.comment(line)
        return _answer(p, study, content)
    except StoppedError:
        kept = "" if study is None else f" Press Generate with the same settings to go on ({study.folder.name})."
        p.comment(f"Counterprompt was interrupted; every score is kept.{kept}")
    except Exception as error:
        p.comment(f"Counterprompt: {describe_fault(error)}")
    return empty_answer(p, () if study is None else (study.status.best_picture, study.status.baseline_picture))


def _refuse_mute(p: Any) -> list[str]:
    """Refuse what cannot matter; return what to know of a negative prompt that is heeded in part.

    Raises:
        InvalidInputError: it has no effect at all.
    """
    findings = find_muteness(guidance_of(p))
    total = [finding.text for finding in findings if finding.is_total]
    if total:
        raise InvalidInputError(total[0])
    return [finding.text for finding in findings]


def _what_stays(p: Any) -> list[str]:
    names = style_names(p)
    return [f"Your styles ({', '.join(names)}) were part of every picture and stay."] if names else []


def _open(p: Any, choices: TuneChoices) -> TuneStudy:
    from counterprompt.webui.desk import study_desk
    from counterprompt.webui.study_values import StudyOrder

    baseline = request_of(p)
    refuse_unserved(baseline)  # before there is a study that could only fail
    order = StudyOrder(baseline=baseline, choices=choices, name="txt2img")
    return open_study(study_desk().ledger, order, fingerprint(p), is_seed_random=is_seed_random(p))


def _run(study: TuneStudy, generator: InProcessGenerator) -> ReportContent:
    from counterprompt.webui.options import host_settings
    from counterprompt.webui.study_run import StudyWorkplace

    with closing(StudyWorkplace(generator, host_settings())) as workplace:
        return study.run(workplace, show_status, is_interrupted)


def _answer(p: Any, study: TuneStudy, content: ReportContent) -> Any:
    """Draw the user's own seeds with the winner, saved as the user wants it, and with the own settings, not saved."""
    own = study.order.baseline
    if own is None:
        raise CounterpromptError("The study holds no settings; start it again.")
    seeds = seeds_to_show(p, own)
    if not content.is_gain:
        return _drawn(p, own, content.baseline, seeds, "own settings", is_saved=True)
    proof = f"{content.held_out.gain:+.2f} on {content.held_out.seeds} fresh seeds"
    winner = _drawn(p, own, content.winner, seeds, f"winner {proof}", is_saved=True)
    return paired(winner, _drawn(p, own, content.baseline, seeds, "own settings", is_saved=False), len(seeds))


def _drawn(
    p: Any, own: GenerationRequest, values: FieldValues, seeds: tuple[int, ...], said: str, *, is_saved: bool
) -> Any:
    from modules import processing

    from counterprompt.webui.blueprints import UserBlueprint

    fresh = UserBlueprint(p).fresh()
    request = replace(
        own, prompt=values.prompt, negative_prompt=values.negative_prompt, cfg_scale=values.cfg_scale, seed=seeds[0]
    )
    fill_in(fresh, [replace(request, seed=seed) for seed in seeds])
    fresh.batch_size = min(int(p.batch_size), len(seeds))  # more at once than the user wanted may find no memory
    fresh.n_iter = -(-len(seeds) // fresh.batch_size)
    fresh.s_min_uncond = p.s_min_uncond  # as the user will see it from now on
    fresh.do_not_save_samples = p.do_not_save_samples or not is_saved
    fresh.extra_generation_params[TUNED_FIELD] = said
    fresh.comments = p.comments
    if is_saved:
        return processing.process_images(fresh)
    with host_state_kept(tuple(fresh.override_settings)):
        return processing.process_images(fresh)
