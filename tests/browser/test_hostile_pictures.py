"""Pictures that try to run script in the tab: none does, in whichever gradio this interpreter has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browser.conftest import drop
from tests.browser.hostile import PAYLOADS, hostile_png, hostile_workflow_png


def test_there_are_payloads_enough() -> None:
    """At least fifty different ones."""
    assert 50 <= len(set(PAYLOADS))


def test_no_payload_in_any_text_of_a_picture_runs(page: Any, tmp_path: Path) -> None:
    """Each payload in every text of a PNG, a ComfyUI graph and a file name is shown or refused, and nothing runs."""
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    shown = 0

    for number, payload in enumerate(PAYLOADS):
        make = hostile_workflow_png if number % 3 == 2 else hostile_png
        name = "".join(sign for sign in payload if sign not in "/\0\\")[:80]
        drop(page, make(payload, tmp_path / f"{name or number}.png"))
        _touch_everything(page)
        shown += page.locator("#counterprompt_reading .cp-prompt").count() > 0
        assert page.evaluate("window.__pwned") is None, payload
        assert [] == dialogs, payload
        strange = "script, iframe, object, embed, link, meta, base, form, template, marquee, [onerror], [onload]"
        inside = page.locator(
            "#counterprompt_page .cp-prompt, #counterprompt_page .cp-diff, #counterprompt_page .cp-advice"
        )
        assert 0 == inside.locator(strange).count(), payload

    assert shown >= 0.9 * len(PAYLOADS)


def _touch_everything(page: Any) -> None:
    """Hover and focus what a payload may wait for, and let the page settle."""
    page.evaluate(
        "() => document.querySelectorAll('#counterprompt_page *').forEach((each) => {"
        "['mouseover', 'pointerenter', 'toggle', 'animationstart']"
        ".forEach((name) => each.dispatchEvent(new Event(name)));})"
    )
    page.wait_for_timeout(150)
