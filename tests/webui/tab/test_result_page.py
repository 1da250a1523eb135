"""What a study found, as HTML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from counterprompt.report.content import EffectRow, FieldValues, HeldOutResult, ReportContent, StayingFault
from counterprompt.report.explanations import GuardRow
from counterprompt.report.guards import MEANINGS
from counterprompt.webui.tab.result_page import render_report, render_result
from counterprompt.webui.tab.words import ENGLISH

CONTENT = ReportContent(
    verdict="gain",
    created="2026-01-01T00:00:00+00:00",
    generator="webui: this one",
    baseline=FieldValues("a cat", "", 7.0),
    winner=FieldValues("a cat <lora:framed:0.7>", "blurry", 6.5, (("framed", 0.7),)),
    held_out=HeldOutResult(24, 1.2, (0.8, 1.6), 0.9),
    pictures=240,
    study="s1",
    effects=(EffectRow("“blurry”", 0.5, (0.2, 0.8)), EffectRow("“text”", -0.1, (-0.4, 0.2), is_used=False)),
    staying=(StayingFault("bad anatomy", 0.5, 0.5, "F-HANDS", ("data",), "Look at the data."),),
)


def test_a_gain_shows_proof_fields_and_what_mattered(tmp_path: Path) -> None:
    """The numbers of the proof, the fields of both sides, effects with their word, faults that stayed."""
    page = render_result(CONTENT, tmp_path, ENGLISH)

    assert "+1.20 σ on 24 held-out seeds" in page
    assert page.index("Winner") < page.index("Your settings")
    assert "cp-up" in page
    assert "cannot be told" in page
    assert "Look at the data." in page


def test_without_a_gain_the_own_settings_stay(tmp_path: Path) -> None:
    """The reason is told, and the best candidate is shown beside them, if there is one, but not as what to use."""
    unproven = replace(CONTENT, verdict="no gain", reason="Too close.")
    page = render_result(unproven, tmp_path, ENGLISH)
    beside = render_result(replace(unproven, candidate=CONTENT.winner), tmp_path, ENGLISH)

    assert "No gain was proven" in page
    assert "Too close." in page
    assert 1 == page.count('<section class="cp-card')
    assert 2 == beside.count('<section class="cp-card')
    assert beside.index("cp-chosen") < beside.index("Your settings") < beside.index("not proven better")
    assert 1 == beside.count("cp-chosen")


def test_a_candidate_that_spoils_something_is_not_called_unproven(tmp_path: Path) -> None:
    """Where a guard is broken, the sentence says so and the guard says how."""
    guards = (GuardRow("saturation", True, MEANINGS["saturation"][1]), GuardRow("noise", False, "No more noise."))
    page = render_result(replace(CONTENT, verdict="no gain", reason="It breaks.", guards=guards), tmp_path, ENGLISH)

    assert "spoils something else" in page
    assert "It breaks." not in page
    assert MEANINGS["saturation"][1] in page
    assert "No more noise." not in page


def test_hostile_texts_stay_text(tmp_path: Path) -> None:
    """Prompts and names of effects are escaped."""
    evil = "<script>alert(1)</script>"
    fields = FieldValues(evil, evil, 7.0, ((evil, 1.0),))
    hostile = replace(CONTENT, baseline=fields, winner=fields, effects=(EffectRow(evil, 1.0, (0.5, 1.5)),))

    assert "<script" not in render_result(hostile, tmp_path, ENGLISH)


def test_the_report_is_framed_off() -> None:
    """The whole report runs where it can reach nothing of the host's page."""
    framed = render_report('<p title="x">', ENGLISH)

    assert 'sandbox="allow-scripts"' in framed
    assert "&lt;p title=&quot;x&quot;&gt;" in framed
