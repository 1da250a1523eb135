"""A study as HTML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PIL import Image

from counterprompt.webui.study_values import Leader, StudyStatus
from counterprompt.webui.tab.study_page import digest_of, render_studies, render_study
from counterprompt.webui.tab.words import ENGLISH

STATUS = StudyStatus(
    "s1",
    "a cat",
    "running",
    "search",
    pictures=30,
    budget=120,
    seconds_left=200.0,
    leaders=(Leader("CFG 8.5; not: blurry", 0.8, 6),),
    history=((10, 0.0), (20, 0.4), (30, 0.8)),
)


def test_progress_curve_and_leaders_are_shown() -> None:
    """Pictures, time left, the curve as SVG and the leading candidate."""
    page = render_study(STATUS, ENGLISH)

    assert "30 of at most 120 pictures" in page
    assert "about 3 min left" in page
    assert "<svg" in page
    assert "CFG 8.5; not: blurry" in page
    assert 'data-cp-busy="1"' in page


def test_a_study_whose_report_is_written_does_not_seem_finished() -> None:
    """The last picture is scored before the study is done; "running · finished" would be no answer."""
    page = render_study(replace(STATUS, stage="finished"), ENGLISH)

    assert "running · writing the report" in page
    assert "finished" not in page


def test_both_pictures_stand_side_by_side(tmp_path: Path) -> None:
    """They are shown from their files; a missing one leaves its frame, so that nothing jumps."""
    Image.new("RGB", (64, 64)).save(tmp_path / "base.png")
    page = render_study(replace(STATUS, baseline_picture=tmp_path / "base.png"), ENGLISH)

    assert 1 == page.count("<img")
    assert 2 == page.count('class="cp-frame"')


def test_a_failed_study_says_why_as_an_alert() -> None:
    """What went wrong is read out, and nothing is busy."""
    page = render_study(replace(STATUS, state="failed", message="<b>no card</b>"), ENGLISH)

    assert 'role="alert">&lt;b&gt;no card&lt;/b&gt;' in page
    assert 'data-cp-busy="0"' in page


def test_hostile_names_stay_text() -> None:
    """A study's id, name, message and candidates come from clients."""
    evil = '"><script>alert(1)</script>'
    hostile = replace(STATUS, id=evil, name=evil, message=evil, leaders=(Leader(evil, 0.0, 1),))

    assert "<script" not in render_study(hostile, ENGLISH) + render_studies([hostile], "", ENGLISH)


def test_what_has_not_changed_has_the_same_digest() -> None:
    """So the page is left alone between two looks."""
    page = render_study(STATUS, ENGLISH)

    assert digest_of(page) == digest_of(render_study(STATUS, ENGLISH))
    assert digest_of(page) != digest_of(render_study(replace(STATUS, pictures=31), ENGLISH))


def test_earlier_studies_are_folded_away() -> None:
    """The latest twelve stand on the page, all others in a fold that is open where one of them is chosen."""
    studies = [replace(STATUS, id=f"s{number}") for number in range(20)]
    closed, opened = (render_studies(studies, chosen, ENGLISH) for chosen in ("s0", "s15"))

    assert 20 == closed.count("data-cp-study=")
    assert 12 == closed.split("<details")[0].count("data-cp-study=")
    assert "8 earlier ones" in closed
    assert (False, True) == tuple('cp-earlier" open' in page for page in (closed, opened))
    assert "<details" not in render_studies(studies[:12], "s0", ENGLISH)
