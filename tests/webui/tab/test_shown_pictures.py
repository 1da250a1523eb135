"""What a look at the page costs, and that it shows what is in the folder now."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from PIL import Image

from counterprompt.webui.study_values import StudyStatus
from counterprompt.webui.tab.shown_pictures import shown_picture
from counterprompt.webui.tab.study_page import render_study
from counterprompt.webui.tab.words import ENGLISH


def _draw(path: Path, colour: str, edge: int = 1024) -> Path:
    shades = Image.radial_gradient("L").resize((edge, edge)).convert("RGB")
    Image.blend(shades, Image.new("RGB", (edge, edge), colour), 0.5).save(path)
    return path


def test_a_look_makes_no_picture_small_again(
    tmp_path: Path, in_time: Callable[[float], AbstractContextManager[None]]
) -> None:
    """Every open page looks every two seconds: what has not changed takes the host no time."""
    own, best = _draw(tmp_path / "own.png", "red"), _draw(tmp_path / "best.png", "blue")
    study = StudyStatus("s", "s", "done", pictures=40, budget=40, baseline_picture=own, best_picture=best)
    first = render_study(study, ENGLISH)
    with in_time(0.5):
        looks = {render_study(study, ENGLISH) for _ in range(40)}

    assert {first} == looks
    assert 2 == first.count("data:image/jpeg")


def test_a_picture_that_changes_is_shown_anew_and_one_that_is_gone_is_not(tmp_path: Path) -> None:
    """The page follows the folder, and shows nothing from outside of it."""
    path = _draw(tmp_path / "own.png", "red", 200)
    first = shown_picture(tmp_path, "own.png", "a")
    _draw(path, "blue", 208)
    second = shown_picture(tmp_path, "own.png", "a")
    path.rename(tmp_path.parent / "own.png")

    assert "<img" in first
    assert "<img" in second
    assert first != second
    assert ["", ""] == [shown_picture(tmp_path, name, "a") for name in ("own.png", "../own.png")]
