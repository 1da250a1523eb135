"""The tab as gradio builds it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

gradio = pytest.importorskip("gradio", reason="a WebUI brings it; CI has environments with both its majors")

from gradio import routes  # noqa: E402

from counterprompt.settings import Settings  # noqa: E402
from counterprompt.webui.tab.build import build_tab  # noqa: E402
from counterprompt.webui.tab.services import TabServices  # noqa: E402
from counterprompt.webui.tab.words import LOCALIZATIONS  # noqa: E402


def _said(block: Any) -> Iterator[str]:
    """Everything on a component that the host's script would translate."""
    yield str(getattr(block, "label", None) or "")
    yield str(getattr(block, "placeholder", None) or "")
    if isinstance(block, gradio.Button):
        yield str(block.value)
    for choice in getattr(block, "choices", None) or ():
        yield str(choice[0] if isinstance(choice, tuple) else choice)


def test_every_label_has_its_chinese(tmp_path: Path) -> None:
    """Labels, placeholders, choices and buttons are in the table that the host's script uses."""
    table = json.loads((LOCALIZATIONS / "zh_CN.json").read_text("utf-8"))
    blocks = build_tab(TabServices(Settings(tmp_path))).blocks.values()
    shown = [block for block in blocks if "cp-machinery" not in (getattr(block, "elem_classes", None) or [])]
    said = {text for block in shown for text in _said(block) if text}

    assert 40 < len(said)
    assert [] == sorted(said - set(table))


def test_no_server_is_made_for_the_tab_and_gradio_is_left_as_it_was(tmp_path: Path) -> None:
    """The host's page has its own; other pages get theirs afterwards."""
    tab = build_tab(TabServices(Settings(tmp_path)))

    assert getattr(tab, "app", None) is None
    with gradio.Blocks(analytics_enabled=False) as other:
        tab.render()
    assert isinstance(other.app, routes.App)


def test_the_page_describes_what_is_in_the_tab(tmp_path: Path) -> None:
    """The tab itself is described only for who asks for it."""
    tab = build_tab(TabServices(Settings(tmp_path)))
    with gradio.Blocks(analytics_enabled=False) as other:
        tab.render()

    described = {each["id"] for each in other.config["components"]}
    assert set(tab.blocks) <= described
    assert set(tab.blocks) == {each["id"] for each in tab.get_config_file()["components"]}


def test_the_tab_is_built_of_few_parts(tmp_path: Path) -> None:
    """Each costs gradio 4 nearly a millisecond of a host's start."""
    assert len(build_tab(TabServices(Settings(tmp_path))).blocks) <= 80
