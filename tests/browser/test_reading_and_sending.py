"""Read and Decide in a real browser: drop, move a chip, send, undo, apply again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import drop, open_tab

PROMPT = "#txt2img_prompt textarea"
NEGATIVE = "#txt2img_neg_prompt textarea"


def _value(page: Any, selector: str) -> str:
    return str(page.locator(selector).first.input_value())


def _wait_for_value(page: Any, selector: str, value: str) -> None:
    page.wait_for_function("([s, v]) => document.querySelector(s).value === v", arg=[selector, value])


def test_a_dropped_picture_tells_its_parameters_and_chips(page: Any, demo_picture: Path) -> None:
    """The embedded prompt, a parameter and a tag that nobody asked for are on the page."""
    drop(page, demo_picture)

    assert (
        "purple house, sky background, <lora:framed:0.9>" in page.locator("#counterprompt_reading").first.inner_text()
    )
    assert "Euler" in page.locator("#counterprompt_reading .cp-rows").first.inner_text()
    assert 1 == page.locator("[data-cp-side=left] .cp-chip.cp-c-unexpected", has_text="framed").count()
    assert "Use the" in page.locator("#counterprompt_advice .cp-headline").inner_text()


def test_a_chip_moves_by_keyboard_and_changes_the_prompt(page: Any, demo_picture: Path) -> None:
    """Enter on a chip of the right side puts it to the left and into the prompt; the focus stays on it."""
    drop(page, demo_picture)
    chip = page.locator("[data-cp-side=left] .cp-chip", has_text="framed")

    chip.focus()
    page.keyboard.press("Enter")

    page.locator("[data-cp-side=asked] .cp-chip", has_text="framed").wait_for()
    assert "framed" in page.evaluate("document.activeElement.textContent")
    page.locator("#counterprompt_own_fold button, #counterprompt_own_fold .label-wrap").first.click()
    _wait_for_value(
        page, "#counterprompt_own_prompt textarea", "purple house, sky background, <lora:framed:0.9>, framed"
    )


@pytest.mark.parametrize("choice", ["embedded", "reverse", "merge"])
def test_a_prompt_goes_to_txt2img_and_back(page: Any, demo_picture: Path, choice: str) -> None:
    """Sending fills both prompts, counts their tokens anew and leaves the rest; Undo empties them again."""
    page.locator("#tabs button", has_text="txt2img").first.click()
    page.locator(PROMPT).fill("mine")
    page.locator(NEGATIVE).fill("not mine")
    page.locator("#tabs button", has_text="Counterprompt").first.click()
    drop(page, demo_picture)

    page.locator(f"#counterprompt_send_{choice}").click()
    page.locator(PROMPT).wait_for()  # the page turns to txt2img by itself

    page.wait_for_function("(s) => document.querySelector(s).value.includes('purple house')", arg=PROMPT)
    page.wait_for_function("() => !document.querySelector('#txt2img_token_counter').innerText.startsWith('0/')")
    page.locator("#tabs button", has_text="Counterprompt").first.click()
    page.locator("#counterprompt_undo").click()
    _wait_for_value(page, PROMPT, "mine")
    _wait_for_value(page, NEGATIVE, "not mine")


def test_what_was_written_can_be_applied_again_after_a_reload(page: Any, demo_picture: Path, host_url: str) -> None:
    """A page that was loaded anew has forgotten the prompt; Apply again brings it back."""
    drop(page, demo_picture)
    page.locator("#counterprompt_send_embedded").click()
    page.locator(PROMPT).wait_for()
    page.wait_for_function("(s) => document.querySelector(s).value.includes('purple house')", arg=PROMPT)

    open_tab(page, host_url)
    page.locator("#counterprompt_again").click()

    page.wait_for_function("(s) => document.querySelector(s).value.includes('purple house')", arg=PROMPT)


def test_one_undo_too_many_stays_on_our_tab(page: Any, demo_picture: Path) -> None:
    """Where nothing is left to undo, the page says so, and does not turn to txt2img for what was sent before."""
    drop(page, demo_picture)
    page.locator("#counterprompt_send_embedded").click()
    page.locator(PROMPT).wait_for()
    page.wait_for_function("(s) => document.querySelector(s).value.includes('purple house')", arg=PROMPT)
    page.locator("#tabs button", has_text="Counterprompt").first.click()
    page.locator("#counterprompt_undo").click()
    _wait_for_value(page, PROMPT, "")

    undone = page.locator("#counterprompt_apply_note", has_text="is undone").first
    for _ in range(20):  # other tests wrote to this host, too
        if undone.count():
            break
        page.locator("#counterprompt_undo").click()
        page.wait_for_timeout(2000)
    undone.wait_for()
    page.wait_for_timeout(1000)  # our script looks four times a second

    assert page.locator("#counterprompt_page").is_visible()


def test_pnginfo_and_the_gallery_send_pictures_here(page: Any, demo_picture: Path) -> None:
    """Both buttons turn to our tab and show the picture's own prompt."""
    page.locator("#tabs button", has_text="PNG Info").first.click()
    page.locator("#pnginfo_image input[type=file]").first.set_input_files(demo_picture)
    page.wait_for_function(
        "() => (document.querySelector('#pnginfo_generation_info textarea') || {value: 'purple house'})"
        ".value.includes('purple house')"
    )
    page.locator("#counterprompt_from_pnginfo").click()
    page.locator("#counterprompt_reading .cp-prompt", has_text="purple house").wait_for()

    page.locator("#tabs button", has_text="txt2img").first.click()
    page.locator(PROMPT).fill("green circle, white background")
    page.locator("#txt2img_generate").click()
    page.locator("#txt2img_gallery img").first.wait_for()
    page.locator("#counterprompt_from_gallery").click()
    page.locator("#counterprompt_reading .cp-prompt", has_text="green circle").wait_for()


def test_what_is_no_picture_is_refused_with_a_remedy(page: Any, tmp_path: Path) -> None:
    """A text file called .png brings one sentence in the tab, and the tab goes on working."""
    (tmp_path / "fake.png").write_text("no picture")

    drop(page, tmp_path / "fake.png")

    assert page.locator("#counterprompt_reading .cp-error").inner_text().strip()
