"""What a study came to, in the page's words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterprompt.report.content import FieldValues, HeldOutResult, ReportContent
from counterprompt.webui.tab.verdict_words import render_why_not, told_reasons, told_verdict
from counterprompt.webui.tab.words import ENGLISH, load_words

OPEN = ReportContent(
    verdict="no gain",
    created="2026-01-01T00:00:00+00:00",
    generator="webui: this one",
    baseline=FieldValues("a cat", "", 7.0),
    winner=FieldValues("a cat", "", 7.0),
    held_out=HeldOutResult(44, 0.2, (-0.1, 0.5), 0.6),
    pictures=240,
    study="s1",
    reason="Too close.",
    telling_seeds=180,
)


@pytest.mark.parametrize(("seeds", "said"), [(180, "180 fresh seeds (about 360 pictures)"), (None, "more pictures")])
def test_without_a_gain_the_way_on_is_told(seeds: int | None, said: str) -> None:
    """A second proof with its price where one may be had, else a new study; with a gain nothing."""
    assert said in render_why_not(replace(OPEN, telling_seeds=seeds), ENGLISH)
    assert "" == render_why_not(replace(OPEN, verdict="gain"), ENGLISH)


def test_a_second_proof_tells_of_the_first() -> None:
    """The first proof's numbers stand below the verdict, in either language, and the verdict is the second's."""
    first = replace(OPEN, verdict="gain", first_proof=OPEN.held_out, held_out=HeldOutResult(180, 0.3, (0.1, 0.5), 0.7))

    assert ["Too close."] == told_reasons(OPEN, ENGLISH)
    assert "the first, on 44 other seeds, came to +0.20" in told_reasons(first, ENGLISH)[0]
    assert "44" in told_reasons(first, load_words("zh_CN"))[0]
    assert "180 held-out seeds" in told_verdict(first, ENGLISH)
