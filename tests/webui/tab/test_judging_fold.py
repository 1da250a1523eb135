"""The fold that says how pictures are judged, as it stands on the page."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from counterprompt.jobs.limits import GUARDS, WEIGHTS
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.webui.judging import SWITCHES, judged_as
from counterprompt.webui.tab.judging_fold import render_judging
from counterprompt.webui.tab.words import ENGLISH, load_words
from counterprompt.workflow.baseline import TuneChoices


class Parts(HTMLParser):
    """The fold taken apart: its controls, and the ids of its texts."""

    def __init__(self, page: str) -> None:
        """Read *page*."""
        super().__init__()
        self.controls: dict[str, dict[str, str | None]] = {}
        self.ids: set[str | None] = set()
        self.is_open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a control, an id, or whether the fold is open."""
        found = dict(attrs)
        self.ids.add(found.get("id"))
        self.is_open |= tag == "details" and "open" in found
        if tag == "input":
            self.controls[str(found["data-cp-judged"])] = found


FOLD = Parts(render_judging(ENGLISH))


def test_there_is_a_control_for_everything_that_rest_takes() -> None:
    """Weights, guards and switches, by the names and in the order of job files, in a fold that is closed."""
    expected = [*(f"weights.{name}" for name in WEIGHTS), *(f"guards.{name}" for name in GUARDS), *SWITCHES]

    assert expected == list(FOLD.controls)
    assert not FOLD.is_open


def test_every_control_is_named_and_says_what_it_does() -> None:
    """Each has a label and a line of help that belongs to it."""
    assert [] == [place for place, each in FOLD.controls.items() if not each["aria-label"]]
    assert {each["aria-describedby"] for each in FOLD.controls.values()} <= FOLD.ids


def test_what_is_shown_is_what_counts_where_nothing_is_touched() -> None:
    """Weights show their usual values, guards theirs in grey; every switch is off."""
    shown = {name: float(str(FOLD.controls[f"weights.{name}"]["value"])) for name in WEIGHTS}
    grey = {name: float(str(FOLD.controls[f"guards.{name}"]["placeholder"])) for name in GUARDS}
    usual = GuardLimits()

    assert ScoreWeights(**shown) == ScoreWeights()
    assert {name: usual.signal_slack(name, 0.0) for name in GUARDS[:-1]} | {"fidelity": usual.lost_fidelity} == grey
    assert [] == [place for place, each in FOLD.controls.items() if "checked" in each or each.get("value") == ""]


def test_the_ends_of_every_number_are_allowed() -> None:
    """The lowest and the highest number that a control offers pass the check."""
    for end in ("min", "max"):
        told: dict[str, dict[str, float]] = {"weights": {}, "guards": {}}
        for place, each in FOLD.controls.items():
            group, _, name = place.partition(".")
            if name:
                told[group][name] = float(str(each[end]))
        assert judged_as(json.dumps(told), TuneChoices()).guard_limits == GuardLimits(**told["guards"])


def test_the_fold_is_chinese_on_a_chinese_page() -> None:
    """No sentence of it is left in English but the example of a schedule and the section's name."""
    page = re.sub(r"<[^>]*>|\[words:*[0-9.]+\]|Counterprompt", " ", render_judging(load_words("zh_CN")))

    assert [] == re.findall("[A-Za-z]{2,}", page)
