"""The host's fields: by label, from whichever module has the table."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from counterprompt.webui.tab.txt2img_fields import CfgSteps, find_txt2img_fields


def _host(monkeypatch: pytest.MonkeyPatch, name: str, fields: object) -> None:
    module = ModuleType(name)
    module.paste_fields = {"txt2img": {"fields": fields}}
    monkeypatch.setitem(sys.modules, "planted", ModuleType("planted"))
    monkeypatch.setitem(sys.modules, name, module)


def test_fields_are_found_by_label(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of a label counts; labels that are functions are passed over."""
    fields = [("p", "Prompt"), ("n", "Negative prompt"), ("c", "CFG scale"), ("x", len), ("c2", "CFG scale", "api")]
    _host(monkeypatch, "planted.paste", fields)

    found = find_txt2img_fields(("planted.absent", "planted.paste"))

    assert ["p", "n", "c"] == found.written
    assert found.is_complete
    assert {"Prompt": "p"} == found.glanced


@pytest.mark.parametrize("fields", [None, [], [("p", "Prompt")]])
def test_an_incomplete_table_writes_nothing(monkeypatch: pytest.MonkeyPatch, fields: object) -> None:
    """Where one of the three is missing, none is written."""
    _host(monkeypatch, "planted.paste", fields)

    assert [] == find_txt2img_fields(("planted.paste",)).written


def test_the_sliders_own_numbers_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Range and step are read from the component, the usual ones stand in for what it lacks."""
    slider = SimpleNamespace(minimum=0, maximum=20, step=0.1)
    _host(monkeypatch, "planted.paste", [("p", "Prompt"), ("n", "Negative prompt"), (slider, "CFG scale")])

    assert CfgSteps(0, 20, 0.1) == find_txt2img_fields(("planted.paste",)).cfg_steps
    assert CfgSteps() == find_txt2img_fields(("planted.absent",)).cfg_steps


@pytest.mark.parametrize(("cfg_scale", "expected"), [(7.26, 7.3), (0.2, 1.0), (99, 30)])
def test_values_beyond_the_slider_end_at_its_ends(cfg_scale: float, expected: float) -> None:
    """No value is written that the slider could not show."""
    assert expected == CfgSteps(1, 30, 0.1).nearest(cfg_scale)
