"""A host in Chinese, whose own script translates what it finds on the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import drop, start_fake_host, watched_tab

TAGS = {"overexposed", "watermark", "cat"}
NEGATIVE = "bad anatomy"
INFOTEXT = (
    f"overexposed, watermark, a cat, <lora:framed:0.8>\nNegative prompt: {NEGATIVE}\n"
    "Steps: 20, Sampler: Euler a, Schedule type: Karras, Seed: 1, Size: 64x64, Model: miniature"
)


@pytest.fixture(scope="module")
def chinese_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a fake host in Chinese."""
    pytest.importorskip("gradio", reason="the fake host's page needs gradio, which a WebUI brings")
    url, server = start_fake_host(tmp_path_factory.mktemp("chinese"), "--language", "zh_CN")
    yield url
    server.kill()


@pytest.fixture
def chinese(chromium: Any, chinese_url: str) -> Iterator[Any]:
    """Its page, our tab in front."""
    with watched_tab(chromium, chinese_url) as tab:
        yield tab


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture whose tags and negative prompt stand in the host's table, too."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("parameters", INFOTEXT)
    Image.new("RGB", (64, 64), "white").save(tmp_path / "picture.png", pnginfo=info)
    return tmp_path / "picture.png"


def test_what_is_not_ours_stays_as_it_is(chinese: Any, picture: Path) -> None:
    """Labels of ours are Chinese, tags and prompts are as the picture says, also after they were moved and sent."""
    drop(chinese, picture)
    chinese.locator(".cp-chip").first.wait_for()
    chinese.wait_for_timeout(500)

    assert "开始" == chinese.locator("#counterprompt_start").first.inner_text().strip()
    words = {word for text in chinese.locator(".cp-chip").all_inner_texts() for word in text.replace("\n", " ").split()}
    assert words >= TAGS
    assert NEGATIVE in chinese.locator("#counterprompt_reading pre").all_inner_texts()
    chip = chinese.locator(".cp-chip", has_text="overexposed")
    chip.click()
    assert "overexposed" in chinese.locator(".cp-chip.cp-moved").inner_text()


def test_values_of_embedded_fields_stay_where_their_names_are_translated(chinese: Any, picture: Path) -> None:
    """A host's table that knows field names, samplers and schedulers translates the names alone."""
    words = {"Sampler": "采样方法", "Steps": "迭代步数", "Euler a": "欧拉 a", "Karras": "卡拉斯", "miniature": "微型"}
    chinese.evaluate("(words) => localizePage(words)", words)
    drop(chinese, picture)
    chinese.locator(".cp-fields th", has_text="采样方法").wait_for()

    rows = dict(row.inner_text().split("\t") for row in chinese.locator(".cp-fields tr").all())
    kept = {"采样方法": "Euler a", "Schedule type": "Karras", "迭代步数": "20", "Model": "miniature"}
    assert kept == {name: rows.get(name) for name in kept}


def test_no_field_is_named_in_english_for_a_screen_reader(chinese: Any) -> None:
    """Sliders and numbers that gradio names itself bear the label that is seen."""
    chinese.wait_for_function("() => document.querySelector('#counterprompt_page [aria-label=图片数]')")

    names = chinese.locator("#counterprompt_page input[aria-label]").evaluate_all(
        "(all) => all.map((e) => e.ariaLabel)"
    )
    assert [] == [name for name in names if " for " in name or "(0: " in name]
