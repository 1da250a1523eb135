"""The contract of listing a host's model files from inside."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.hosts.conftest import HOST_URL

if TYPE_CHECKING:
    from tests.hosts.conftest import Observe

CHECKPOINT = os.environ.get("COUNTERPROMPT_HOST_CHECKPOINT", "miniature")
"""The checkpoint that the host has selected: another one where it takes no small one."""


def test_the_host_lists_its_files(observe: Observe) -> None:
    """Checkpoint and LoRAs are listed by the names that prompts and fields use, and the selected one is named."""
    seen = observe("inventory")

    named = {(kind, name) for kind, name, *_ in seen["files"]}
    assert {("checkpoint", CHECKPOINT), ("LoRA", "framed"), ("LoRA", "striped")} <= named
    assert seen["in_use"].startswith(CHECKPOINT)


@pytest.mark.skipif(not HOST_URL, reason="asks a real host by its API")
def test_inside_and_outside_agree(observe: Observe) -> None:
    """From inside, every file has the names, hashes and training facts that the API tells."""
    from counterprompt.generation.webui_connection import WebuiConnection
    from counterprompt.infotext.params import GenerationParams
    from counterprompt.inventory.webui import WebuiInventory

    spec = importlib.util.spec_from_file_location("observations", Path(__file__).parent / "probe" / "observations.py")
    assert spec is not None
    assert spec.loader is not None
    observations = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(observations)
    connection = WebuiConnection(HOST_URL, None, timeout_s=30.0)
    outside = WebuiInventory(connection.get_if_offered, HOST_URL).take_stock(GenerationParams(""))

    assert observations.files_in(outside) == observe("inventory")
