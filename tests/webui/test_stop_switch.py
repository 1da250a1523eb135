"""The switch that ends our own drawing, before the fake host's flags."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterprompt.errors import StoppedError
from counterprompt.webui.stop_switch import StopSwitch
from tests.webui.fake_host.fake_host import hosted


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give what the host says of itself."""
    monkeypatch.setenv("COUNTERPROMPT_DATA", str(tmp_path / "data"))
    with hosted(tmp_path):
        from modules import shared

        yield shared.state


def test_a_press_while_we_draw_interrupts_the_host_and_leaves_no_flag(state: Any) -> None:
    """The sampler sees the flag at its next step; whoever comes next does not."""
    switch, seen = StopSwitch(), list[bool]()

    def press() -> None:
        for _ in range(2):
            switch.press()
            seen.append(state.interrupted)

    with pytest.raises(StoppedError, match="Stopped"), switch.drawing():
        press()

    assert ([True, True], False) == (seen, state.interrupted)


def test_a_press_while_others_draw_is_not_heard_by_them(state: Any) -> None:
    """The host's flag stays as it is, and our next batch does not begin."""
    switch = StopSwitch()
    switch.press()

    assert not state.interrupted
    with pytest.raises(StoppedError, match="Stopped"), switch.drawing():
        pytest.fail("drawn although it was stopped")
    assert not state.interrupted


@pytest.mark.parametrize("is_pressed", [False, True])
def test_somebody_elses_interrupt_is_heard_and_stays(state: Any, is_pressed: bool) -> None:
    """What was interrupted by the host's own button stays so, whether or not ours was pressed too."""
    switch = StopSwitch()

    def interrupt() -> None:
        state.interrupt()
        if is_pressed:
            switch.press()

    with pytest.raises(StoppedError), switch.drawing():
        interrupt()

    assert state.interrupted


def test_without_a_press_nothing_happens(state: Any) -> None:
    """What is drawn comes out."""
    with StopSwitch().drawing():
        drawn = "drawn"

    assert ("drawn", False) == (drawn, state.interrupted)
