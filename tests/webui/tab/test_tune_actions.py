"""What the form of the Tune step tells before a study."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from PIL import Image

gradio = pytest.importorskip("gradio", reason="a WebUI brings it; CI has environments with both its majors")

from counterprompt.generation.fake import FakeGenerator  # noqa: E402
from counterprompt.search.guard_limits import GuardLimits  # noqa: E402
from counterprompt.search.picture_cost import Drawing, PictureCost  # noqa: E402
from counterprompt.search.score_weights import ScoreWeights  # noqa: E402
from counterprompt.settings import Settings  # noqa: E402
from counterprompt.webui.studies import StudyDesk  # noqa: E402
from counterprompt.webui.study_run import StudyWorkplace  # noqa: E402
from counterprompt.webui.tab.case import bytes_of_picture, open_case  # noqa: E402
from counterprompt.webui.tab.machinery import build_machinery  # noqa: E402
from counterprompt.webui.tab.services import TabServices  # noqa: E402
from counterprompt.webui.tab.tune_actions import TuneActions, order_of  # noqa: E402
from counterprompt.webui.tab.tune_step import FROM_PICTURE, FROM_TXT2IMG, TuneStep, build_tune_step  # noqa: E402
from counterprompt.webui.tab.txt2img_fields import Txt2imgFields  # noqa: E402
from counterprompt.webui.tab.words import ENGLISH  # noqa: E402
from counterprompt.workflow.baseline import TuneChoices  # noqa: E402

SCALED = "scaled from the latest study with 20 steps at 512×512"
GLANCED = ("Prompt", "Steps", "Size-1", "Size-2")


@pytest.fixture
def form(tmp_path: Path) -> tuple[TuneActions, TuneStep]:
    """A form on a desk whose latest study took 3 s a picture, 1 s of that for scoring."""
    settings = Settings(tmp_path)
    desk = StudyDesk(settings.studies_folder, lambda: StudyWorkplace(FakeGenerator(), settings))
    desk.picture_cost = PictureCost(3.0, 2.0, Drawing(20, 512, 512))
    fields = Txt2imgFields(MappingProxyType(dict.fromkeys(GLANCED)))
    with gradio.Blocks(analytics_enabled=False):
        step = build_tune_step(ENGLISH, build_machinery())
    return TuneActions(TabServices(settings, desk=desk, fields=fields), step), step


@pytest.mark.parametrize(
    ("txt2img", "told"),
    [
        (("a cat", 20, 512, 512), "3 s each, as in the latest study with 20 steps at 512×512"),
        (("a cat", 30, 512, 512), f"4 s each, {SCALED} to 30 steps at 512×512"),
        (("", 20, 1024, 1024), f"9 s each, {SCALED} to 20 steps at 1024×1024"),
        (("a cat", "many", 512, 512), "3 s each, as in the latest study with 20 steps at 512×512"),
    ],
)
def test_the_estimate_is_for_what_stands_in_txt2img(
    form: tuple[TuneActions, TuneStep], txt2img: tuple[Any, ...], told: str
) -> None:
    """Its drawing is scaled by steps and pixels, its scoring stays; numbers that are none scale nothing."""
    assert told in form[0].estimate(240, 0, None, FROM_TXT2IMG, *txt2img)


def test_the_estimate_is_for_the_picture_where_that_is_tuned(form: tuple[TuneActions, TuneStep]) -> None:
    """Then txt2img says nothing; without a picture nothing is scaled; and the choice tells it at once."""
    actions, step = form
    infotext = "a cat\nSteps: 40, Seed: 1, Size: 64x64"
    opened = open_case(bytes_of_picture(Image.new("RGB", (64, 64)), infotext), actions._services.settings, None)
    txt2img = ("a cat", 30, 512, 512)

    assert f"{SCALED} to 40 steps at 64×64" in actions.estimate(240, 0, opened, FROM_PICTURE, *txt2img)
    assert "as in the latest study" in actions.estimate(240, 0, None, FROM_PICTURE, *txt2img)
    assert "to 30 steps" in actions.choose_source(240, 0, opened, FROM_TXT2IMG, *txt2img)[step.estimate]


@pytest.mark.parametrize(
    ("judging", "judged"),
    [
        ("", {}),
        (
            '{"weights": {"aesthetic": 0}, "guards": {"fidelity": 2}, "schedules": true}',
            {
                "score_weights": ScoreWeights(aesthetic=0.0),
                "guard_limits": GuardLimits(fidelity=2.0),
                "tries_schedules": True,
            },
        ),
    ],
)
def test_the_fold_of_judging_joins_the_order(
    form: tuple[TuneActions, TuneStep], judging: str, judged: dict[str, Any]
) -> None:
    """A form that nobody touched orders what it always did; what is set in the fold is added to that."""
    step = form[1]
    begun: dict[Any, Any] = {each: each.value for each in step.form} | {
        step.source: FROM_TXT2IMG,
        step.judging: judging,
    }

    order = order_of(None, tuple(begun[each] for each in step.form), {"Prompt": "a cat"})

    assert TuneChoices(budget=240, cfg_range=(4.0, 10.0), layers=(), **judged) == order.choices
