"""The report page as a whole."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from counterprompt.report.content import EffectRow, FieldValues, HeldOutResult
from counterprompt.report.explanations import GuardRow, RuleFinding, StayingFault
from counterprompt.report.page import render_page
from counterprompt.report.picture_record import PictureRecord, TagChip

if TYPE_CHECKING:
    from pathlib import Path

    from counterprompt.report.content import ReportContent

HOSTILE = """<script>alert(1)</script><img src=x onerror=y>"'&"""
VOID = {"meta", "img", "br"}


class Outline(HTMLParser):
    """Collects tags and complains where they do not nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the tag."""
        assert tag == self.open.pop()


def outline(page: str) -> Outline:
    """Parse *page*."""
    parsed = Outline()
    parsed.feed(page)
    return parsed


def test_the_page_is_well_formed(content: ReportContent, folder: Path) -> None:
    """Every tag is closed, in order."""
    assert [] == outline(render_page(content, folder)).open


@pytest.mark.parametrize(
    ("luck", "words"),
    [(0.12, "did worse than on the others they were drawn on: 0.12 σ is that bad luck"), (-0.3, "0.30 σ is added")],
)
def test_the_luck_of_the_seeds_is_told(content: ReportContent, folder: Path, luck: float, words: str) -> None:
    """What was taken off or added for the baseline's luck stands beside the proof; luck that rounds to 0 does not."""
    told, quiet = (
        render_page(replace(content, held_out=replace(content.held_out, luck=each)), folder) for each in (luck, 0.004)
    )

    assert words in told
    assert "luck" not in quiet


def test_the_page_needs_nothing_else(content: ReportContent, folder: Path) -> None:
    """Pictures are data, and no link, font or script leads out of the file."""
    page = render_page(content, folder)
    sources = [attributes["src"] for tag, attributes in outline(page).tags if tag == "img"]

    assert 9 == len(sources)  # the duel, three pairs and the dropped picture
    assert all(source is not None and source.startswith("data:image/png;base64,") for source in sources)
    assert [] == re.findall(r"https?://|@import|url\(", page)


def test_the_page_says_what_counts(content: ReportContent, folder: Path) -> None:
    """Verdict, interval, judge, advice, controls, rule ids and fields stand in it."""
    page = render_page(content, folder)

    expected = ["+0.50 σ", "+0.25 to +0.75", "60%", "20%", "E-1", "Empty negative", "watermark", "6.5", "blurry"]
    assert [] == [text for text in expected if text not in page]


def test_no_gain_is_said_plainly(content: ReportContent, folder: Path) -> None:
    """Without a gain the page says to keep the settings and shows the candidate as not proven."""
    unsure = replace(content.held_out, ci95=(-0.1, 1.0))
    kept = replace(
        content, verdict="no gain", winner=content.baseline, candidate=content.winner, judged=(), held_out=unsure,
        reason="Not certain.",
    )  # fmt: skip

    page = render_page(kept, folder)

    assert "Keep your settings." in page
    assert "Best candidate, not proven better" in page
    assert "Not certain." in page


def test_hostile_text_is_escaped(content: ReportContent, folder: Path) -> None:
    """Prompts, tags, names and paths from strangers stay text wherever they are shown."""
    fields = FieldValues(HOSTILE, HOSTILE, 7.0, ((HOSTILE, 1.0),), ((HOSTILE, HOSTILE),))
    picture = PictureRecord("dropped.png", HOSTILE, HOSTILE, (TagChip(HOSTILE, "leaked"),), HOSTILE)
    hostile = replace(
        content, generator=HOSTILE, study=HOSTILE, winner=fields, baseline=fields, picture=picture, created=HOSTILE,
        effects=(EffectRow(HOSTILE, 1.0, (0.0, 2.0)),), guards=(GuardRow(HOSTILE, True, HOSTILE),),
        rule_findings=(RuleFinding(HOSTILE, HOSTILE, HOSTILE, False),),
        staying=(StayingFault(HOSTILE, 1.0, 1.0, HOSTILE, (HOSTILE,), HOSTILE),),
        controls=(replace(content.controls[0], name=HOSTILE, negative_prompt=HOSTILE),),
        measured=((HOSTILE, HOSTILE),), probes=(replace(content.probes[0], defect=HOSTILE),), verdict="gain",
    )  # fmt: skip

    page = render_page(hostile, folder)
    parsed = outline(page)

    assert 1 == sum(tag == "script" for tag, _ in parsed.tags)
    assert not any("onerror" in attributes for _, attributes in parsed.tags)
    assert HOSTILE not in page


def test_a_picture_outside_the_folder_is_not_shown(content: ReportContent, folder: Path) -> None:
    """A report's data cannot make the page read other files."""
    inside = folder / "inside"
    inside.mkdir()
    stolen = [replace(pair, baseline="../a.png", winner=str(folder / "b.png")) for pair in content.pairs]

    page = render_page(replace(content, pairs=tuple(stolen), picture=PictureRecord()), inside)

    assert "<img" not in page


def test_an_empty_report_still_renders(content: ReportContent, folder: Path) -> None:
    """Sections without content are left out."""
    bare = replace(
        content, pairs=(), history=(), effects=(), guards=(), rule_findings=(), staying=(),
        probes=(), judged=(), controls=(), measured=(),
        picture=PictureRecord(), held_out=HeldOutResult(0, 0.0, (0.0, 0.0), 0.5), verdict="no gain",
    )  # fmt: skip

    assert [] == outline(render_page(bare, folder)).open
