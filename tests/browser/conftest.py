"""A browser before a host's page: the fake one in this interpreter's gradio, or a real one named by the environment.

COUNTERPROMPT_HOST_URL names a running WebUI with the extension installed; without it the fake host is started.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")
PATIENCE_MS = 90_000
"""Milliseconds that a step may take on a busy machine."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the fake host's extension keeps its records."""
    return tmp_path_factory.mktemp("counterprompt")


@pytest.fixture(scope="session")
def host_url(data_folder: Path) -> Iterator[str]:
    """Address of the host's page."""
    if os.environ.get("COUNTERPROMPT_HOST_URL"):
        yield os.environ["COUNTERPROMPT_HOST_URL"].rstrip("/")
        return
    pytest.importorskip("gradio", reason="the fake host's page needs gradio, which a WebUI brings")
    url, server = start_fake_host(data_folder)
    yield url
    server.kill()


def start_fake_host(data_folder: Path, *options: str) -> tuple[str, Any]:
    """Start the fake host and return its address and its process once it answers."""
    port = _free_port()
    command = [sys.executable, "-m", "tests.webui.fake_host.page", "--port", str(port), "--data", str(data_folder)]
    log = (data_folder / "host.log").open("a")
    server = subprocess.Popen([*command, *options], cwd=ROOT, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    for _ in range(180):
        try:
            with urllib.request.urlopen(url):
                return url, server
        except OSError:
            time.sleep(1)
        if server.poll() is not None:
            break
    server.kill()
    pytest.fail(f"the fake host did not start: {(data_folder / 'host.log').read_text()[-2000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
    if CHROMIUM is None:
        pytest.skip("browser tests need chromium on the PATH")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, host_url: str) -> Iterator[Any]:
    """The host's page with our tab in front; a script error of ours fails the test."""
    with watched_tab(chromium, host_url) as tab:
        yield tab


@contextmanager
def watched_tab(chromium: Any, host_url: str) -> Iterator[Any]:
    """Open a host's page with our tab in front; a script error of ours fails the test at the end of the block."""
    tab = chromium.new_page(viewport={"width": 1280, "height": 900})
    tab.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(f"{error} {getattr(error, 'stack', '')}"))
    open_tab(tab, host_url)
    yield tab
    tab.close()
    assert [] == [fault for fault in faults if "counterprompt" in fault]


def open_tab(tab: Any, host_url: str) -> None:
    """Load the host's page in *tab* and turn to ours."""
    tab.goto(host_url)
    tab.locator("#tabs button", has_text="Counterprompt").first.click()
    tab.locator("#counterprompt_page").wait_for()


@pytest.fixture(scope="session")
def demo_picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture that the miniature drew, with its parameters inside."""
    from counterprompt.bootstrap.generators import GeneratorChoice, load_generator
    from counterprompt.bootstrap.miniature import draw_demo_picture

    return draw_demo_picture(load_generator(GeneratorChoice()), tmp_path_factory.mktemp("picture"))


def drop(page: Any, picture: Path) -> None:
    """Drop *picture* on the tab and wait until it is read."""
    clear = page.locator(
        "#counterprompt_drop button[aria-label='Clear'], #counterprompt_drop button[aria-label='Remove']"
    )
    if clear.count():
        clear.first.click()
        page.locator("#counterprompt_reading .cp-empty").wait_for()
    page.locator("#counterprompt_drop input[type=file]").set_input_files(picture)
    page.locator("#counterprompt_reading .cp-prompt, #counterprompt_reading .cp-error").first.wait_for()
