"""What a study came to, on standard output; and the command that shows it again."""

from pathlib import Path

from counterprompt.cli.answers import answer_json, answer_rows, answer_text
from counterprompt.cli.opening import open_page
from counterprompt.cli.options import Json, NoOpen, StudyFolder
from counterprompt.places import expanded
from counterprompt.report.answers import outcome_answer
from counterprompt.report.content import ReportContent
from counterprompt.report.files import PAGE_FILE, load_report, write_report
from counterprompt.report.verdict import first_proof_told, second_proof_advice, verdict_sentence


def report_command(study: StudyFolder, no_open: NoOpen = False, as_json: Json = False) -> None:
    """Render the report of a finished study again."""
    folder = expanded(study).absolute()
    content = load_report(folder)
    write_report(content, folder)
    show_outcome(content, folder, as_json, no_open)


def show_outcome(content: ReportContent, folder: Path, as_json: bool, no_open: bool) -> None:
    """Say what the study in *folder* came to, for people or *as_json*, and open its page unless *no_open*."""
    page = folder / PAGE_FILE
    if not no_open and not as_json:
        open_page(page)
    if as_json:
        answer_json(outcome_answer(content, str(folder), str(page)))
        return
    winner = content.winner
    fields = [
        ("Negative prompt", winner.negative_prompt or "(empty)"),
        ("Prompt", winner.prompt),
        ("CFG scale", f"{winner.cfg_scale:g}"),
    ]
    answer_text(verdict_sentence(content), *filter(None, (first_proof_told(content),)), "")
    answer_rows("Use" if content.is_gain else "Keep", fields)
    answer_text(*(each.sentence for each in (content.cfg_share, content.audit) if each is not None))
    answer_text(*(content.own_choices.sentences if content.own_choices else ()))
    if content.judged:
        rows = [(rate.defect, f"{rate.baseline:.0%} -> {rate.winner:.0%}") for rate in content.judged]
        answer_rows(f"True defect rates on {content.judged_pictures} pictures each", rows)
    answer_text(*filter(None, (second_proof_advice(content),)), f"Report: {page}")
