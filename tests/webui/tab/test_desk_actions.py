"""What the steps Tune and Results show of the studies in the desk's folder."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

gradio = pytest.importorskip("gradio", reason="a WebUI brings it; CI has environments with both its majors")

from counterprompt.errors import InvalidInputError  # noqa: E402
from counterprompt.generation.fake import FakeGenerator  # noqa: E402
from counterprompt.settings import Settings  # noqa: E402
from counterprompt.webui.studies import StudyDesk  # noqa: E402
from counterprompt.webui.study_run import StudyWorkplace  # noqa: E402
from counterprompt.webui.tab.apply_step import Applier  # noqa: E402
from counterprompt.webui.tab.comparison_wiring import ComparisonWiring  # noqa: E402
from counterprompt.webui.tab.decide_step import build_decide_step  # noqa: E402
from counterprompt.webui.tab.desk_actions import DeskActions  # noqa: E402
from counterprompt.webui.tab.machinery import build_machinery  # noqa: E402
from counterprompt.webui.tab.results_step import ResultsStep, build_results_step  # noqa: E402
from counterprompt.webui.tab.services import TabServices  # noqa: E402
from counterprompt.webui.tab.tune_actions import TuneActions  # noqa: E402
from counterprompt.webui.tab.tune_step import FROM_TXT2IMG, build_tune_step  # noqa: E402
from counterprompt.webui.tab.txt2img_fields import Txt2imgFields  # noqa: E402
from counterprompt.webui.tab.wiring import Wiring  # noqa: E402
from counterprompt.webui.tab.words import ENGLISH  # noqa: E402
from tests.webui.finished_study import GAIN, NO_GAIN, SPOILING, keep_study  # noqa: E402

if TYPE_CHECKING:
    from counterprompt.report.content import ReportContent


NO_FIELDS = Txt2imgFields()
NO_REASON = '<div id="counterprompt_why_not"></div>'


def _step(
    folder: Path, *, fields: Txt2imgFields = NO_FIELDS, **studies: ReportContent
) -> tuple[DeskActions, ResultsStep, TabServices]:
    """Build both steps before a desk that finds *studies*."""
    settings = Settings(folder)
    for name, content in studies.items():
        keep_study(settings.studies_folder, name, content)
    desk = StudyDesk(settings.studies_folder, lambda: StudyWorkplace(FakeGenerator(), settings))
    services = TabServices(settings, fields=fields, desk=desk)
    with gradio.Blocks(analytics_enabled=False):
        decide, tune = build_decide_step(ENGLISH), build_tune_step(ENGLISH, build_machinery())
        results = build_results_step(ENGLISH)
    comparison = ComparisonWiring(Wiring(ENGLISH, print), services, decide)
    return DeskActions(services, (tune, results), TuneActions(services, tune), comparison), results, services


def _look(actions: DeskActions, chosen: str = "", digest: str = "") -> dict[Any, Any]:
    return actions.look(chosen, digest, 120, 0, "", None, "", "")


def _is_on(told: dict[Any, Any], *buttons: Any) -> list[bool]:
    return [told[button]["interactive"] for button in buttons]


@pytest.mark.parametrize(("content", "reason"), [(NO_GAIN, "Nothing was proven"), (SPOILING, "spoils something else")])
def test_without_a_gain_nothing_can_be_pressed_and_it_says_why(
    tmp_path: Path, content: ReportContent, reason: str
) -> None:
    """Writing and keeping are off, with the reason and what to do instead beside them; the report still opens."""
    actions, results, _ = _step(tmp_path, none=content)
    told = _look(actions)

    assert [False, False, False, True] == _is_on(told, *results.keepers, results.open_report)
    assert reason in told[results.result]
    assert "start a study" in told[results.result]


def test_what_may_be_proven_again_turns_the_button_on(tmp_path: Path) -> None:
    """Where a second proof is worth it the button is on and its price is told; else it is off."""
    actions, results, _ = _step(tmp_path, none=replace(NO_GAIN, telling_seeds=90))
    told = _look(actions)

    assert [True] == _is_on(told, results.prove)
    assert "180 pictures" in told[results.result]
    for other in (NO_GAIN, GAIN):
        actions, results, _ = _step(tmp_path / other.verdict, other=other)
        assert [False] == _is_on(_look(actions), results.prove)


def test_a_study_with_a_gain_turns_them_on_again(tmp_path: Path) -> None:
    """Chosen after one without, it takes the reason away."""
    actions, results, _ = _step(tmp_path, gain=GAIN, none=NO_GAIN)
    told = _look(actions, "gain", json.dumps(["", "none", ""]))

    assert [True, True, True, True] == _is_on(told, *results.keepers, results.open_report)
    assert NO_REASON in told[results.result]


def test_before_the_first_study_they_are_off(tmp_path: Path) -> None:
    """The page begins with them off, and the first look leaves them so, without a reason that nobody asked for."""
    actions, results, _ = _step(tmp_path)
    told = _look(actions)

    assert [False] * 4 == [button.interactive for button in (*results.keepers, results.open_report)]
    assert [False] * 4 == _is_on(told, *results.keepers, results.open_report)
    assert NO_REASON in told[results.result]


def test_the_server_refuses_whatever_a_page_sends(tmp_path: Path) -> None:
    """A page that is out of date writes nothing without a gain."""
    actions, _, services = _step(tmp_path, none=NO_GAIN)

    with pytest.raises(InvalidInputError, match="proved no gain"):
        actions.write_winner(Applier(services), "none", "a cat", "", 7.0)


@pytest.mark.parametrize("text", [None, "{}", "not JSON"], ids=["deleted", "of no study", "damaged"])
def test_a_report_that_cannot_be_read_hides_no_other_study(tmp_path: Path, text: str | None) -> None:
    """The studies are listed all the same; where the result would stand it is said why there is none."""
    actions, results, services = _step(tmp_path, gain=GAIN, lost=NO_GAIN)
    report = services.settings.studies_folder / "lost" / "report.json"
    if text is None:
        shutil.rmtree(report.parent)
    else:
        report.write_text(text)
    told = _look(actions, "lost")

    assert any("gain" in str(value) and 'data-cp-study="lost"' in str(value) for value in told.values())
    assert 'role="alert"' in told[results.result]
    assert str(tmp_path) not in told[results.result]
    assert [False] * 4 == _is_on(told, *results.keepers, results.open_report)


def test_a_prompt_that_is_too_long_hides_no_study(tmp_path: Path) -> None:
    """Whatever stands in txt2img, the page lists the studies."""
    actions, results, _ = _step(tmp_path, fields=Txt2imgFields({"Prompt": None}), gain=GAIN)
    told = actions.look("", "", 120, 0, "", None, FROM_TXT2IMG, "a cat, " * 20_000)

    assert results.result in told


def test_what_has_not_changed_is_left_alone(tmp_path: Path) -> None:
    """A second look, told of the first, touches neither the studies nor the result, nor a comparison."""
    actions, results, _ = _step(tmp_path, gain=GAIN)
    first = _look(actions)
    (digest,) = [text for text in first.values() if isinstance(text, str) and text.startswith("[")]
    second = _look(actions, "gain", digest)

    assert results.result in first
    assert 2 == len(second)
    assert digest in second.values()
