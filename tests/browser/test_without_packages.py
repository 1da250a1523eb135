"""The tab of a host in which optuna, onnxruntime and open_clip could not be installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import PATIENCE_MS, drop, open_tab, start_fake_host


def test_it_still_reads_compares_and_sends_and_says_what_to_install(
    chromium: Any, demo_picture: Path, tmp_path: Path
) -> None:
    """Parameters, chips and advice are there, a prompt is sent; what needs a package names it in one sentence."""
    pytest.importorskip("gradio", reason="the fake host's page needs gradio, which a WebUI brings")
    url, server = start_fake_host(tmp_path, "--without", "optuna,onnxruntime,open_clip")
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE_MS)
    try:
        open_tab(page, url)
        notice = page.locator("#counterprompt_missing .cp-note").inner_text()
        assert notice.endswith("pip install optuna onnxruntime open-clip-torch")
        assert ". " not in notice

        drop(page, demo_picture)
        assert "purple house" in page.locator("#counterprompt_reading").first.inner_text()
        assert 2 <= page.locator("#counterprompt_sides .cp-chip").count()
        assert "prompt" in page.locator("#counterprompt_advice .cp-headline").inner_text()
        assert "onnxruntime" in page.locator("#counterprompt_remarks").first.inner_text()

        for button, note in (("start", "tune"), ("measure", "tune"), ("compare", "decide")):
            page.locator(f"#counterprompt_{button}").click()
            page.locator(f"#counterprompt_{note}_note .cp-error", has_text="pip install optuna").wait_for()
        page.locator("#counterprompt_send_embedded").click()
        page.wait_for_function(
            "() => document.querySelector('#txt2img_prompt textarea').value.includes('purple house')"
        )
    finally:
        page.close()
        server.kill()
