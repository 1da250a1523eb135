"""A report with something in every section."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from counterprompt.report.content import (
    Control,
    EffectRow,
    FieldValues,
    HeldOutResult,
    HistoryPoint,
    ReportContent,
    SeedPair,
)
from counterprompt.report.cross_checks import AuditResult, CfgShare
from counterprompt.report.explanations import DefectRate, GuardRow, RuleFinding, StayingFault
from counterprompt.report.picture_record import PictureRecord, ReasonLine, TagChip
from counterprompt.search.objective import ComponentDeltas
from counterprompt.search.outcome import NOT_VERIFIED, Outcome, Settings
from counterprompt.search.verification import SeedPair as SeedPairOfStudy
from counterprompt.search.verification import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def content() -> ReportContent:
    """A gain, with every section filled."""
    return ReportContent(
        verdict="gain",
        created="2026-11-21T23:40:11+00:00",
        generator="miniature",
        baseline=FieldValues("a person, <lora:striped:0.9>", "low quality", 7.0, (("striped", 0.9),)),
        winner=FieldValues("a person, <lora:striped:0.7>", "blurry", 6.5, (("striped", 0.7),), (("Steps", "10"),)),
        held_out=HeldOutResult(3, 0.5, (0.25, 0.75), 1.0),
        pictures=240,
        study="/studies/one",
        picture=PictureRecord(
            dropped="dropped.png",
            infotext="a person\nSteps: 10",
            program="AUTOMATIC1111",
            diff=(TagChip("watermark", "leaked", 1.0, 0.9), TagChip("person", "confirmed")),
            advice="merge",
            reasons=(ReasonLine("E-1", "All is here."),),
        ),
        pairs=tuple(SeedPair(seed, "a.png", "b.png", gain) for seed, gain in ((1, 0.1), (2, 0.9), (3, 0.5))),
        history=(HistoryPoint(8, 0.0, 0.0), HistoryPoint(12, -0.5, 0.0), HistoryPoint(20, 0.6, 0.6)),
        effects=(
            EffectRow("“blurry”", 0.4, (0.1, 0.7), True),
            EffectRow("a higher CFG scale", -0.2, (-0.3, -0.1), False),
            EffectRow("“noisy”", 0.1, (-0.2, 0.4), False),
        ),
        guards=(GuardRow("saturation", True, "Colours are far stronger."), GuardRow("noise", False, "As before.")),
        guard_breakers=2,
        rule_findings=(RuleFinding("R-CFG-USUAL", "A CFG scale of 7.", "Here 4 was better.", False),),
        staying=(StayingFault("vignette", 0.9, 0.88, "X-UNNAMED", ("captions",), "Look at the data."),),
        probes=(DefectRate("blurry", 0.5, 0.1),),
        judged=(DefectRate("any defect", 0.6, 0.2),),
        judged_pictures=64,
        controls=(Control("Empty negative", "", -0.1, (-0.3, 0.1)),),
        cfg_share=CfgShare(7.0, 8, 0.3, (0.1, 0.5), 0.55, 0.25, (0.05, 0.45)),
        audit=AuditResult("LAION v1", 64, 5.1, 5.4, 0.6, (0.3, 0.9), 0.75),
        measured=(("Drawn by", "miniature"),),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study folder with the report's pictures."""
    for name in ("a.png", "b.png", "dropped.png"):
        Image.new("RGB", (8, 8), "red").save(tmp_path / name)
    return tmp_path


@pytest.fixture
def ended() -> Callable[..., Outcome]:
    """End a study whose winner has *negative_prompt*, *cfg_scale* and the LoRA weight; the user had 7 and 0.95."""

    def end(negative_prompt: str, cfg_scale: float = 7.0, weight: float = 0.95, *pieces: Any) -> Outcome:
        before = Settings("a cat <lora:x:0.95>", "", 7.0, (("x", 0.95),))
        after = Settings(f"a cat <lora:x:{weight:g}>", negative_prompt, cfg_scale, (("x", weight),))
        nothing = ComponentDeltas(0, 0, 0, 0, 0)
        held_out = replace(NOT_VERIFIED, pairs=(SeedPairOfStudy(1, nothing, "a.png", "b.png"),), ci95=(0.2, 0.8))
        return Outcome(Verdict.GAIN, "", before, after, after, held_out, 40, (), pieces, "fake", "fake")

    return end
