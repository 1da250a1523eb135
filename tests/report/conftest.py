"""A report with something in every section."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from counterprompt.report.content import (
    Control,
    DefectRate,
    FieldValues,
    HeldOutResult,
    HistoryPoint,
    PictureRecord,
    ReasonLine,
    ReportContent,
    SeedPair,
    TagChip,
)

if TYPE_CHECKING:
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
        effects=(("layer: base", 0.4), ("higher CFG scale", -0.2)),
        probes=(DefectRate("blurry", 0.5, 0.1),),
        judged=(DefectRate("any defect", 0.6, 0.2),),
        judged_pictures=64,
        controls=(Control("Empty negative", "", -0.1, (-0.3, 0.1)),),
        measured=(("Drawn by", "miniature"),),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A study folder with the report's pictures."""
    for name in ("a.png", "b.png", "dropped.png"):
        Image.new("RGB", (8, 8), "red").save(tmp_path / name)
    return tmp_path
