"""How pictures are judged, as REST and the tab say it."""

from __future__ import annotations

import json

import pytest

from counterprompt.errors import InvalidInputError
from counterprompt.search.guard_limits import GuardLimits
from counterprompt.search.score_weights import ScoreWeights
from counterprompt.webui.judging import judged_as
from counterprompt.webui.rest_orders import study_order_of
from counterprompt.webui.tab.words import ENGLISH, load_words
from counterprompt.workflow.baseline import TuneChoices

CHOICES = TuneChoices(budget=120, cfg_range=(4.0, 10.0))


@pytest.mark.parametrize("text", ["", " ", None, "{}"])
def test_where_nothing_is_said_nothing_changes(text: object) -> None:
    """An untouched fold leaves the choices as they were, and so does an empty object."""
    assert CHOICES == judged_as(text, CHOICES)


def test_what_is_said_is_set_and_the_rest_is_as_usual() -> None:
    """A weight, a limit and a switch reach the choices; whatever was chosen elsewhere stays."""
    told = {"weights": {"artifacts": 1}, "guards": {"noise": 0.2}, "schedules": True}

    assert (
        TuneChoices(
            budget=120,
            cfg_range=(4.0, 10.0),
            score_weights=ScoreWeights(artifacts=1.0),
            guard_limits=GuardLimits(noise=0.2),
            tries_schedules=True,
        )
        == judged_as(json.dumps(told), CHOICES)
    )  # fmt: skip


@pytest.mark.parametrize(
    "told",
    [
        {"weights": {"aesthetic": 0, "preference": 10}},
        {"guards": {"fidelity": 3, "clipped": 0.001}, "anti_prompt": True},
        {"look_again": True, "schedules": False},
    ],
)
def test_the_tab_says_what_rest_says(told: dict[str, object]) -> None:
    """One text makes the same choices by either door."""
    assert study_order_of({"prompt": "a", **told}, 240).choices == judged_as(json.dumps(told), TuneChoices(budget=240))


@pytest.mark.parametrize(
    ("text", "said", "chinese"),
    [
        (
            '{"weights": {"artifacts": 11}}',
            "The weight of artifacts is 11; give a number from 0 to 10.",
            "“缺陷”的权重为 11；请给 0 到 10 之间的数字。",
        ),
        (
            '{"guards": {"noise": 0}}',
            "The limit of the guard noise is 0; give a number from 0.001 to 10.",
            "护栏“噪点”的界限为 0；请给 0.001 到 10 之间的数字。",
        ),
        (
            '{"guards": {"clipped": "?"}}',
            'The limit of the guard clipped is "?"; give a number from 0.001 to 10.',
            "护栏“纯白或纯黑”的界限为 \"?\"；请给 0.001 到 10 之间的数字。",
        ),
        (
            "[1",
            "How pictures are judged could not be read; load the page again.",
            "无法读取评判方式；请重新载入页面。",
        ),
        (
            '"\ud800"',
            "How pictures are judged could not be read; load the page again.",
            "无法读取评判方式；请重新载入页面。",
        ),
        ('{"schedules": 1}', "schedules is 1; give true or false.", "schedules 为 1；请给 true 或 false。"),
        ('{"weights": 1}', "weights is 1; give an object.", "weights 为 1；请给一个对象。"),
        (
            '{"weights": {"beauty": 1}}',
            "weights has no 'beauty'; its names are aesthetic, artifacts, fidelity, signals, preference.",
            "权重中没有 'beauty'；可用的名称是 aesthetic, artifacts, fidelity, signals, preference。",
        ),
        (
            '{"budget": 5000}',
            "There is no field 'budget'; the fields are anti_prompt, guards, look_again, schedules, weights.",
            "没有字段 'budget'；可用的字段是 anti_prompt, guards, look_again, schedules, weights。",
        ),
    ],
)  # fmt: skip
def test_what_is_no_good_is_named_in_the_words_of_the_tab(text: str, said: str, chinese: str) -> None:
    """One sentence names the value and what would do, in the page's language."""
    with pytest.raises(InvalidInputError) as refused:
        judged_as(text, CHOICES)

    assert said == ENGLISH(str(refused.value))
    assert chinese == load_words("zh_CN")(str(refused.value))
