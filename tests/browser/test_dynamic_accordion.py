"""The accordion "Dynamic negative prompt" in a real browser: its preview follows the page without a click."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import PATIENCE_MS

PREVIEW = "#counterprompt_dynamic_txt2img_preview"


def _turn_to_txt2img(page: Any) -> None:
    page.locator("#tabs button", has_text="txt2img").first.click()
    page.locator("#counterprompt_dynamic_txt2img .label-wrap").first.click()
    page.locator("#counterprompt_dynamic_txt2img_place").first.wait_for()


def _wait_for_preview(page: Any, text: str) -> None:
    page.wait_for_function(
        "([id, text]) => document.querySelector(id).textContent.includes(text)",
        arg=[PREVIEW, text],
        timeout=PATIENCE_MS,
    )


def test_the_preview_follows_what_is_typed_and_chosen(page: Any) -> None:
    """Switched on it shows the negative prompt of the next picture; prompt, negative prompt and place change it."""
    _turn_to_txt2img(page)
    page.locator("#txt2img_prompt textarea").fill("a photo of a woman")
    page.locator("#txt2img_neg_prompt textarea").fill("ugly")
    page.locator("#counterprompt_dynamic_txt2img_on input").first.click()

    _wait_for_preview(page, "ugly, low quality")
    assert "bad anatomy" in page.locator(f"{PREVIEW} mark").inner_text()
    page.locator("#counterprompt_dynamic_txt2img_place label", has_text="instead of mine").click()
    _wait_for_preview(page, "picturelow quality")
    page.locator("#txt2img_prompt textarea").fill("a landscape, mountains")
    page.wait_for_function("(id) => !document.querySelector(id).textContent.includes('anatomy')", arg=PREVIEW)


def test_markup_in_the_fields_stays_text(page: Any) -> None:
    """What stands in the negative prompt's field is shown as it stands."""
    _turn_to_txt2img(page)
    page.locator("#txt2img_neg_prompt textarea").fill("<img src=x onerror=alert(1)>")
    page.locator("#counterprompt_dynamic_txt2img_on input").first.click()

    _wait_for_preview(page, "<img src=x onerror=alert(1)>")
    assert 0 == page.locator(f"{PREVIEW} img").count()
