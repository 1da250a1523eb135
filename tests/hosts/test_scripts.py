"""The contract of our scripts inside a host."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.hosts.conftest import Observe

RULES = [True, "rules", "behind mine", 15]
PORTRAIT = "a photo of a woman"
STEPS = int(os.environ.get("COUNTERPROMPT_HOST_STEPS", "4"))
"""Steps of a search's pictures: 1 will do where a host takes no small checkpoint and has no card."""


def test_every_picture_of_every_batch_is_drawn_with_what_its_infotext_says(observe: Observe) -> None:
    """Two batches of two: all four negatives are composed, and infotext, summary and pictures agree."""
    seen = observe("dynamic", args=RULES, prompt=PORTRAIT, negative_prompt="ugly", batch_size=2, n_iter=2)

    assert 4 == len(seen["negatives"])
    assert {seen["main"]} == set(seen["negatives"])
    assert seen["main"].startswith("ugly, low quality")
    assert all(f"Negative prompt: {seen['main']}\n" in text for text in seen["infotexts"])


def test_the_accordion_says_beforehand_what_will_be_drawn_with(observe: Observe) -> None:
    """It met the page's fields, and its preview is the negative prompt of the next picture, escaped."""
    seen = observe("accordion", args=RULES, prompt=PORTRAIT, negative_prompt="<b>ugly")
    drawn = observe("dynamic", args=RULES, prompt=PORTRAIT, negative_prompt="<b>ugly")

    assert seen["is_connected"]
    own, _, added = drawn["main"].partition(", ")
    shown = seen["preview"].replace("<!---->", "")
    assert f"<pre>{own.replace('<b>', '&lt;b&gt;')}, <mark>{added}</mark></pre>" in shown


def test_the_accordion_says_once_that_no_negative_prompt_counts(observe: Observe) -> None:
    """At CFG scale 1 that is said with its remedy, and not twice."""
    seen = observe("accordion", args=RULES, prompt=PORTRAIT, negative_prompt="ugly", cfg_scale=1.0)

    assert 1 == seen["preview"].count("no effect; raise it")
    assert 1 == seen["preview"].count("no effect")


def test_switched_off_it_changes_nothing(observe: Observe) -> None:
    """Without the switch neither negative prompt nor infotext knows of us."""
    seen = observe("dynamic", args=[False], prompt=PORTRAIT, negative_prompt="ugly")

    assert ["ugly"] == seen["negatives"]
    assert "Counterprompt" not in seen["infotexts"][0]


def test_the_hires_pass_gets_its_own(observe: Observe) -> None:
    """The hires pass keeps its own negative prompt and is composed for its own prompt."""
    hires = {"enable_hr": True, "denoising_strength": 0.7, "hr_scale": 2, "hr_upscaler": "Latent"}
    own = {"hr_prompt": "a painting of a woman", "hr_negative_prompt": "mine"}
    seen = observe("dynamic", args=[True, "rules", "before mine", 6], prompt=PORTRAIT, **hires, **own)

    assert seen["hires"][0].endswith("mine")
    assert "painting" not in seen["hires"][0]
    assert "painting" in seen["negatives"][0]


def test_an_error_of_ours_never_stops_a_generation(observe: Observe) -> None:
    """A recipe that is not here is told under the picture, which is drawn without it."""
    seen = observe("dynamic", args=[True, "no such recipe"], negative_prompt="ugly")

    assert ["ugly"] == seen["negatives"]
    assert "no such recipe" in seen["comments"]


def test_pasting_restores_the_page(observe: Observe) -> None:
    """The infotext of such a picture switches the accordion on and gives the user's own negative prompt back."""
    chosen = [True, "rules", "before mine", 12]
    drawn = observe("dynamic", args=chosen, prompt=PORTRAIT, negative_prompt="ugly, (b:1.2)")
    seen = observe("pasted", infotext=drawn["infotexts"][0])

    is_on, recipe, place, terms = seen["controls"]
    assert chosen == [is_on, recipe, place, int(terms)]
    assert "ugly, (b:1.2)" == seen["negative"]


def test_pasting_what_cannot_be_composed_again_keeps_the_drawn_text(observe: Observe) -> None:
    """Where the recipe is gone, the negative prompt stays as it was drawn with and the accordion goes off."""
    drawn = observe("dynamic", args=RULES, prompt=PORTRAIT, negative_prompt="ugly")
    text = drawn["infotexts"][0].replace("Counterprompt recipe: rules", "Counterprompt recipe: gone")
    seen = observe("pasted", infotext=text)

    assert (False, drawn["main"]) == (seen["controls"][0], seen["negative"])


def test_axes_switch_and_choose(observe: Observe) -> None:
    """The plot's axes, offered once, switch the accordion and choose its recipe."""
    seen = observe("axes", recipes=["rules", "auto"])

    assert (1, "ugly") == (seen["axes"], seen["off"])
    assert seen["on"] == seen["rules"] == seen["auto"] != "ugly"


@pytest.mark.parametrize(
    ("fields", "args", "said"),
    [
        ({"cfg_scale": 1.0}, [40], "CFG scale 1"),
        ({"prompt": "a cat <lora:no such lora:1>"}, [40], "no such lora"),
        ({}, [10], "'10'"),
        ({}, [40, 4, 9, 3], "9 to 3"),
    ],
)
def test_a_search_that_cannot_be_is_refused_at_once(
    observe: Observe, fields: dict[str, Any], args: list[Any], said: str
) -> None:
    """A mute negative, an unknown LoRA or a number out of range is told in a sentence, and nothing is drawn."""
    seen = observe("tune", args=args, **fields)

    assert (0, 0) == (seen["pictures"], seen["calls"])
    assert said in " ".join(seen["said"])


def test_a_search_answers_with_pictures_and_a_verdict(observe: Observe) -> None:
    """A small search from Generate ends with the user's pictures and a sentence, and leaves options and LoRAs alone."""
    args = [40, 4, 6, 8, 0, 0, False]
    seen = observe("tune", args=args, prompt="a red circle <lora:framed:0.8>", batch_size=2, steps=STEPS)

    assert seen["pictures"] in (2, 4)
    assert seen["pictures"] == len(seen["infotexts"])
    assert all("Counterprompt tuned" in text for text in seen["infotexts"])
    assert "held-out seeds" in seen["said"][0]
    kept = ("options", "clip_skip", "flags")
    assert {name: seen["before"][name] for name in kept} == {name: seen["after"][name] for name in kept}


def test_a_search_that_draws_one_by_one_ends_so(observe: Observe) -> None:
    """Four batches of one picture, since a card holds no more: no call of the host asks for more, the last neither."""
    seen = observe("tune", args=[40, 1, 6, 8, 0, 0, False], prompt="a red circle", n_iter=4, steps=STEPS)

    assert 1 == seen["largest"]
    assert seen["pictures"] in (4, 8)
    assert seen["pictures"] == len(seen["infotexts"])


def test_an_interrupted_search_goes_on(observe: Observe) -> None:
    """Interrupt ends it with a sentence; the same settings go on and draw only what is missing."""
    args = [40, 4, 0, 0, 0, 0, False]
    whole = {"prompt": "a blue square", "seed": 77, "steps": STEPS}
    first = observe("tune", args=args, interrupt_after=4, **whole)
    second = observe("tune", args=args, **whole)

    assert "interrupted" in " ".join(first["said"])
    assert first["calls"] <= 4
    assert "held-out seeds" in second["said"][0]
